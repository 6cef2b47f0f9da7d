package dev.sluice.rsocket.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.AccessDeniedException;
import dev.sluice.Frame;
import dev.sluice.Source;
import dev.sluice.rsocket.ClientOptions;
import dev.sluice.rsocket.RemoteSource;
import dev.sluice.rsocket.ServerOptions;
import dev.sluice.rsocket.SluiceClient;
import dev.sluice.rsocket.SluiceServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** The snippets of docs/security.md, each word for word part of a test. */
class SecurityGuideTest {

    private static final Pattern SNIPPET = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    @Test
    void everySnippet_standsInThisTest() throws IOException {
        String guide = Files.readString(Path.of("..", "docs", "security.md"));
        String test = withoutSpace(Files.readString(
                Path.of("src", "test", "java", "dev", "sluice", "rsocket", "security", "SecurityGuideTest.java")));
        List<String> snippets = SNIPPET.matcher(guide)
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList();

        assertThat(snippets).hasSize(2);
        assertThat(snippets).allSatisfy(snippet -> assertThat(test).contains(withoutSpace(snippet)));
    }

    private static String withoutSpace(String text) {
        return text.replaceAll("\\s", "");
    }

    @Test
    void serverAndClient() {
        String password = "pa55word";
        String token = "t0ken";

        Authenticator authenticator = Authenticator.fixed()
                .user("anna", password, "ops")
                .token(token, "robot")
                .build();
        AccessPolicy policy = AccessPolicy.builder()
                .everyone("status", Verb.CALL)
                .role("ops", "plant/*", Verb.CALL, Verb.ADMIN)
                .build();
        SluiceServer server = SluiceServer.create(ServerOptions.builder()
                .tcp("127.0.0.1", 0)
                .authenticator(authenticator)
                .accessPolicy(policy)
                .build());

        server.service("plant/7", request -> Mono.just(Source.of("p", Flux.just(Frame.text("open")))))
                .start()
                .block();

        SluiceClient client = SluiceClient.create(ClientOptions.tcp("127.0.0.1", server.port())
                .simple("anna", password)
                .build());

        assertThat(client.post("plant/7", Frame.EMPTY)
                        .flatMap(RemoteSource::frames)
                        .blockLast())
                .isEqualTo(Frame.text("open"));
        StepVerifier.create(client.post("plants", Frame.EMPTY)).verifyError(AccessDeniedException.class);
        client.close().block();
        server.close().block();
    }
}
