package dev.sluice.ninep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.Frame;
import dev.sluice.channel.Channels;
import dev.sluice.ninep.command.Commands;
import dev.sluice.ninep.wire.Dialect;
import dev.sluice.switching.ServiceRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The snippet of docs/files.md stands word for word in a test, and the page leaves no command out. */
class FilesGuideTest {

    private static final Pattern SNIPPET = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final Path GUIDE = Path.of("..", "..", "docs", "files.md");

    @Test
    void everySnippet_standsInThisTest() throws IOException {
        String test = withoutSpace(
                Files.readString(Path.of("src", "test", "java", "dev", "sluice", "ninep", "FilesGuideTest.java")));
        List<String> snippets = SNIPPET.matcher(Files.readString(GUIDE))
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList();

        assertThat(snippets).hasSize(1);
        assertThat(snippets).allSatisfy(snippet -> assertThat(test).contains(withoutSpace(snippet)));
    }

    private static String withoutSpace(String text) {
        return text.replaceAll("\\s", "");
    }

    @Test
    void everyCommand_isInTheGuide() throws IOException {
        String guide = Files.readString(GUIDE);
        assertThat(Commands.names()).allSatisfy(name -> assertThat(guide).containsPattern("`" + name + " "));
    }

    @Test
    void server() {
        Channels channels = Channels.inMemory();
        ServiceRegistry<Frame> services = ServiceRegistry.create(channels::find);
        NinePServer server = NinePServer.serve(
                        channels, services, NinePOptions.builder().port(0).build())
                .block();

        assertThat(server).isNotNull();
        try (Peer peer = Peer.of(server, Dialect.LINUX)) {
            peer.walkTo("ctl");
        }
        server.close().block();
    }
}
