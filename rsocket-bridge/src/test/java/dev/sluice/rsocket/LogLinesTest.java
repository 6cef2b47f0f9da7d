package dev.sluice.rsocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.Frame;
import dev.sluice.Source;
import dev.sluice.rsocket.security.Logs;
import dev.sluice.rsocket.session.LogLine;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;
import reactor.core.publisher.Flux;

/** What an operator reads in the log, and what not. */
class LogLinesTest {

    private static final Duration LONG = Duration.ofSeconds(20);

    private final List<SluiceClient> clients = new ArrayList<>();
    private SluiceServer server =
            SluiceServer.create(ServerOptions.builder().tcp("127.0.0.1", 0).build());

    private void serve(UnaryOperator<ServerOptions.Builder> options) {
        server = SluiceServer.create(
                options.apply(ServerOptions.builder().tcp("127.0.0.1", 0)).build());
        server.service(
                "s",
                request -> Flux.range(0, 10)
                        .map(i -> Source.of("s", Flux.range(0, 100).map(n -> Frame.text("frame " + n)))));
        server.start().block(LONG);
    }

    private SluiceClient client(int port) {
        SluiceClient client = SluiceClient.create(
                ClientOptions.tcp("127.0.0.1", port).connectionAttempts(2).build());
        clients.add(client);
        return client;
    }

    @AfterEach
    void close() {
        clients.forEach(client -> client.close().block(LONG));
        server.close().block(LONG);
    }

    @Test
    void ordinaryExchange_tellsThatTheServerListensAndTheClientIsConnected() throws Exception {
        try (Logs logs = new Logs(Level.INFO)) {
            serve(options -> options);
            SluiceClient client = client(server.port());
            client.post("s", Frame.text("a secret"))
                    .flatMap(RemoteSource::frames)
                    .blockLast(LONG);
            client.close().block(LONG);
            await().until(() -> server.peers().isEmpty());

            assertThat(logs.text().lines()).hasSize(2);
            assertThat(logs.text())
                    .contains("Listening on /127.0.0.1:" + server.port(), "Session with ", " begins")
                    .doesNotContain("secret", "frame");
        }
    }

    @Test
    void serverThatIsNotThere_isToldForEachAttempt() throws Exception {
        int port;
        try (ServerSocket closed = new ServerSocket(0)) {
            port = closed.getLocalPort();
        }
        try (Logs logs = new Logs(Level.INFO)) {
            client(port).connect().onErrorComplete().block(LONG);

            assertThat(logs.text().lines())
                    .singleElement()
                    .asString()
                    .contains("INFO", "Trying again to connect to", "127.0.0.1:" + port);
        }
    }

    @Test
    void connectionsBeyondTheMost_areOneLine() throws Exception {
        serve(options -> options.mostConnections(1));
        client(server.port()).connect().block(LONG);
        try (Logs logs = new Logs(Level.WARN)) {
            for (int i = 0; i < 5; i++) {
                client(server.port()).connect().onErrorComplete().block(LONG);
            }

            assertThat(logs.text().lines())
                    .singleElement()
                    .asString()
                    .contains("has 1 connections, as many as it may", "raise mostConnections");
        }
    }

    @Test
    void wordsOfOthers_stayOnOneLine() {
        assertThat(LogLine.of("no\nWARN a line of my own\r\u2028\u202E")).isEqualTo("no?WARN a line of my own???");
        assertThat(LogLine.of("x".repeat(5_000))).hasSize(301);
        assertThat(LogLine.of(new IllegalStateException())).isEqualTo("IllegalStateException");
    }
}
