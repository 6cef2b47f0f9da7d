package dev.sluice.rsocket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.ConnectionLostException;
import dev.sluice.Frame;
import dev.sluice.Source;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.test.StepVerifier;

/** Servers and clients over real sockets. */
class SluiceServerTest {

    private static final Duration LONG = Duration.ofSeconds(20);

    private final SluiceServer server = SluiceServer.create(ServerOptions.builder()
            .tcp("127.0.0.1", 0)
            .webSocket("127.0.0.1", 0)
            .session(SessionOptions.builder().node("here").build())
            .build());
    private SluiceClient client =
            SluiceClient.create(ClientOptions.tcp("127.0.0.1", 1).build());

    private SluiceClient connect(boolean webSocket) {
        server.start().block(LONG);
        int port = server.addresses().get(webSocket ? 1 : 0).getPort();
        client = SluiceClient.create(
                (webSocket ? ClientOptions.webSocket("127.0.0.1", port) : ClientOptions.tcp("127.0.0.1", port))
                        .build());
        return client;
    }

    @AfterEach
    void close() {
        client.close().block(LONG);
        server.close().block(LONG);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void post_bringsSourcesAndFrames(boolean webSocket) {
        server.service(
                "count",
                request -> Flux.range(0, 100)
                        .map(s -> Source.of("s" + s, Flux.range(0, 1_000).map(i -> Frame.text("" + i)))));
        connect(webSocket);

        assertThat(client.post("count", Frame.EMPTY)
                        .flatMap(RemoteSource::frames)
                        .count()
                        .block(LONG))
                .isEqualTo(100_000);
        assertThat(server.peers()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void post_longFrames_arrive(boolean webSocket) {
        server.service("echo", request -> Mono.just(Source.of("e", Flux.just(request.body(), request.body()))));
        connect(webSocket);

        Frame big = Frame.of(new byte[3_000_000]);
        StepVerifier.create(client.post("echo", big).flatMap(RemoteSource::frames))
                .expectNext(big, big)
                .expectComplete()
                .verify(LONG);
    }

    @Test
    void session_besideHttp_hasItsPort() {
        SluiceServer both = SluiceServer.create(ServerOptions.builder()
                        .webSocket(
                                "127.0.0.1",
                                0,
                                "/rsocket",
                                routes -> routes.get(
                                        "/live", (request, response) -> response.sendString(Mono.just("alive"))))
                        .build())
                .service("echo", request -> Mono.just(Source.of("e", Flux.just(request.body()))));
        both.start().block(LONG);
        client = SluiceClient.create(
                ClientOptions.webSocket("127.0.0.1", both.port(), "/rsocket").build());

        assertThat(client.post("echo", Frame.text("hi"))
                        .flatMap(RemoteSource::frames)
                        .blockLast(LONG))
                .isEqualTo(Frame.text("hi"));
        assertThat(HttpClient.newConnection()
                        .get()
                        .uri("http://127.0.0.1:" + both.port() + "/live")
                        .responseContent()
                        .aggregate()
                        .asString()
                        .block(LONG))
                .isEqualTo("alive");
        both.close().block(LONG);
    }

    @Test
    void source_saysWhereItComesFrom() {
        server.service("one", request -> Mono.just(Source.of("s", Flux.empty())));
        connect(false);

        RemoteSource source =
                Objects.requireNonNull(client.post("one", Frame.EMPTY).blockLast(LONG));

        assertThat(source.origin().service()).isEqualTo("one");
        assertThat(source.origin().node()).isEqualTo("here");
        assertThat(source.origin().address().toString()).contains("" + server.port());
        source.discard();
    }

    @Test
    void call_fromServerToClient_isAnswered() {
        server.service(
                "back",
                request -> request.peer()
                        .post("greet", request.body())
                        .flatMap(source -> Mono.just(Source.of(source.header(), source.frames()))));
        connect(false).service("greet", request -> Mono.just(Source.of("g", Flux.just(Frame.text("hi")))));

        StepVerifier.create(client.post("back", Frame.EMPTY).flatMap(RemoteSource::frames))
                .expectNext(Frame.text("hi"))
                .expectComplete()
                .verify(LONG);
    }

    @Test
    void connect_toNobody_saysWhatWasTried() {
        client = SluiceClient.create(ClientOptions.tcp("127.0.0.1", 1)
                .connectionTimeout(Duration.ofMillis(300))
                .build());

        StepVerifier.create(client.post("x", Frame.EMPTY))
                .verifyErrorSatisfies(error -> assertThat(error)
                        .isInstanceOf(ConnectionLostException.class)
                        .hasMessageContaining("127.0.0.1:1"));
    }
}
