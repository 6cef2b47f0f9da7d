package dev.sluice.rsocket.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sluice.ConnectionLostException;
import io.rsocket.DuplexConnection;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

@ExtendWith(NoLeaks.class)
class TransportsTest {

    private static final Duration SOON = Duration.ofSeconds(10);

    private Duration handshakeTimeout = SOON;
    private @Nullable BoundServer server;

    @AfterEach
    void close() {
        if (server != null) {
            server.dispose();
            server.onClose().block(SOON);
            assertThat(server.connections()).isZero();
        }
    }

    private static TransportOptions.Builder options(boolean webSocket, int port) {
        return webSocket ? TransportOptions.webSocket("127.0.0.1", port) : TransportOptions.tcp("127.0.0.1", port);
    }

    private void bind(TransportOptions.Builder options) {
        server = Transports.bind(options.build(), connection -> {
                    connection.receive().subscribe(frame -> {}, failure -> {});
                    return Mono.never();
                })
                .block(SOON);
    }

    private DuplexConnection connect(boolean webSocket, @Nullable TlsOptions tls) {
        return Transports.client(options(webSocket, server.address().getPort())
                        .tls(tls)
                        .handshakeTimeout(handshakeTimeout)
                        .build())
                .connect()
                .block(SOON);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void connection_beyondTheMost_isClosedAndCounted(boolean webSocket) {
        bind(options(webSocket, 0).mostConnections(1));
        DuplexConnection first = connect(webSocket, null);
        // Connections are counted on their own event loops: the second could be counted before the first.
        await().until(() -> server.connections() == 1);
        if (webSocket) {
            assertThatThrownBy(() -> connect(true, null)).isInstanceOf(ConnectionLostException.class);
        } else {
            DuplexConnection second = connect(false, null);
            second.receive().subscribe(frame -> {}, failure -> {});
            second.onClose().onErrorComplete().block(SOON);
        }
        assertThat(server.refused()).isOne();
        await().until(() -> server.connections() == 1);
        assertThat(first.isDisposed()).isFalse();
        first.dispose();
        await().until(() -> server.connections() == 0);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void mutualTls_withTheRightCertificate_connects(boolean webSocket) {
        bind(options(webSocket, 0).tls(mutual()));
        DuplexConnection client =
                connect(webSocket, clientShowing(Certificates.CLIENT).build());
        assertThat(client.isDisposed()).isFalse();
        client.dispose();
    }

    @Test
    void mutualTls_withAStrangersCertificate_isRefusedWithAReason() {
        bind(options(false, 0).tls(mutual()));
        DuplexConnection client =
                connect(false, clientShowing(Certificates.STRANGER).build());
        // TLS 1.3: the client is done before the server has looked at its certificate.
        client.receive().subscribe(frame -> {}, failure -> {});
        assertThatThrownBy(() -> client.onClose().block(SOON))
                .isInstanceOf(ConnectionLostException.class)
                .hasMessageContaining("127.0.0.1")
                .hasMessageContaining("trusts the other's certificate");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void tls_ofAServerThatIsNotTrusted_failsWithAReason(boolean webSocket) {
        bind(options(webSocket, 0).tls(Certificates.SERVER.serving().build()));
        assertThatThrownBy(() ->
                        connect(webSocket, Certificates.STRANGER.trusting().build()))
                .isInstanceOf(ConnectionLostException.class)
                .hasMessageContaining("127.0.0.1:" + server.address().getPort())
                .hasMessageContaining("TLS failed")
                .hasRootCauseInstanceOf(Exception.class);
    }

    @Test
    void tls_towardsAServerWithoutIt_failsWithAReason() {
        handshakeTimeout = Duration.ofSeconds(1);
        bind(options(false, 0));
        assertThatThrownBy(() -> connect(false, Certificates.SERVER.trusting().build()))
                .isInstanceOf(ConnectionLostException.class)
                .hasMessageContaining("tls://127.0.0.1")
                .hasMessageContaining("does not answer with TLS");
    }

    @Test
    void webSocket_towardsTcpOrAnotherPath_failsWithAReason() {
        bind(options(false, 0));
        assertThatThrownBy(() -> connect(true, null))
                .isInstanceOf(ConnectionLostException.class)
                .hasMessageContaining("no WebSocket at /");
        server.dispose();
        bind(options(true, 0).path("/elsewhere"));
        assertThatThrownBy(() -> connect(true, null))
                .isInstanceOf(ConnectionLostException.class)
                .hasMessageContaining("404");
    }

    @Test
    void refusedConnect_saysWhereAndWhatToCheck() throws IOException {
        int port;
        try (ServerSocket closed = new ServerSocket(0)) {
            port = closed.getLocalPort();
        }
        assertThatThrownBy(() -> Transports.client(options(false, port).build())
                        .connect()
                        .block(SOON))
                .isInstanceOf(ConnectionLostException.class)
                .hasMessageContaining("tcp://127.0.0.1:" + port)
                .hasMessageContaining("check that the server runs");
    }

    @Test
    void closeGracefully_withAConnectionThatStays_endsItAfterTheTimeout() {
        bind(options(false, 0));
        DuplexConnection client = connect(false, null);
        client.receive().subscribe(frame -> {}, failure -> {});
        server.closeGracefully(Duration.ofMillis(50)).block(SOON);
        client.onClose().block(SOON);
    }

    @Test
    void certificateFile_thatIsMissing_isNamed() {
        assertThatThrownBy(() ->
                        TlsOptions.builder().trusted(Path.of("/no/such.pem")).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("/no/such.pem");
    }

    private static TlsOptions mutual() {
        return Certificates.SERVER
                .serving()
                .trusted(Certificates.CLIENT.chain())
                .requireClientCertificate(true)
                .build();
    }

    private static TlsOptions.Builder clientShowing(Certificates own) {
        return Certificates.SERVER.trusting().certificate(own.chain(), own.key());
    }
}
