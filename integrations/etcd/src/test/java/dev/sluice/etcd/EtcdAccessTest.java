package dev.sluice.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sluice.DirectoryUnavailableException;
import dev.sluice.directory.Directory;
import dev.sluice.directory.Instance;
import dev.sluice.directory.Scheme;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Users of an etcd, and TLS to it. */
class EtcdAccessTest {

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration TTL = Duration.ofSeconds(3);

    private final Instance a = Instance.of(Scheme.RSOCKET, "a", 7000);

    @TempDir
    @SuppressWarnings("NullAway.Init") // by JUnit
    private Path folder;

    private static void protect(EtcdServer server) {
        server.etcdctl("user", "add", "root:rootpw");
        server.etcdctl("user", "grant-role", "root", "root");
        server.etcdctl("role", "add", "plant");
        server.etcdctl("role", "grant-permission", "plant", "--prefix=true", "readwrite", "/plant/");
        server.etcdctl("user", "add", "sluice:secret");
        server.etcdctl("user", "grant-role", "sluice", "plant");
        server.etcdctl("auth", "enable");
    }

    private void assertRefused(String url, String... words) {
        Directory directory = Directory.open(url);
        assertThatThrownBy(() -> directory.register("s", a, TTL).block(LONG))
                .isInstanceOf(DirectoryUnavailableException.class)
                .hasMessageContainingAll(words);
        assertThatThrownBy(() -> directory.instances("s").block(LONG))
                .isInstanceOf(DirectoryUnavailableException.class)
                .hasMessageContainingAll(words);
        directory.close().block(LONG);
    }

    @Test
    void user_thatMay_isServedThroughARestartToo() throws IOException {
        try (EtcdServer server = EtcdServer.start()) {
            protect(server);
            Path password = Files.writeString(folder.resolve("password"), "secret\n");
            Directory directory = Directory.open(server.url("/plant?user=sluice&password_file=" + password));
            List<Set<Instance>> seen = new CopyOnWriteArrayList<>();
            directory.watch("s").subscribe(seen::add, closed -> {});
            directory.register("s", a, TTL).block(LONG);
            await().untilAsserted(() -> assertThat(seen).last().isEqualTo(Set.of(a)));

            // What etcd gave for the password is forgotten with this.
            server.kill();
            server.restart();

            await().pollDelay(TTL.plusSeconds(1)).until(() -> true);
            assertThat(directory.instances("s").block(LONG)).containsExactly(a);
            directory.close().block(LONG);
        }
    }

    @Test
    void user_thatMayNot_isToldSo() {
        try (EtcdServer server = EtcdServer.start()) {
            protect(server);

            assertRefused(server.url("/plant?user=sluice&password=wrong"), "sluice", "password", server.endpoint());
            assertRefused(server.url("/plant"), "user", server.endpoint());
            assertRefused(server.url("/other?user=sluice&password=secret"), "sluice", "role", server.endpoint());
        }
    }

    @Test
    void tls_ofAServerThatIsTrusted_serves() {
        Certificate certificate = Certificate.make(folder, "server");
        try (EtcdServer server = EtcdServer.startWithTls(certificate.chain(), certificate.key())) {
            Directory directory = Directory.open(server.url("/plant?trusted=" + certificate.chain()));
            directory.register("s", a, TTL).block(LONG);

            assertThat(directory.instances("s").block(LONG)).containsExactly(a);
            directory.close().block(LONG);
        }
    }

    @Test
    void tls_ofAServerThatIsNotTrusted_isToldSo() {
        Certificate certificate = Certificate.make(folder, "server");
        Certificate stranger = Certificate.make(folder, "stranger");
        try (EtcdServer server = EtcdServer.startWithTls(certificate.chain(), certificate.key())) {
            assertRefused(
                    server.url("/plant?request_timeout=8000&trusted=" + stranger.chain()),
                    "TLS",
                    "trusted",
                    server.endpoint());
            assertRefused(server.url("/plant?request_timeout=1000"), server.endpoint());
        }
    }

    /** A certificate that signs itself, with its key, in PEM. */
    private record Certificate(Path chain, Path key) {

        static Certificate make(Path folder, String name) {
            Path chain = folder.resolve(name + ".pem");
            Path key = folder.resolve(name + ".key");
            List<String> command = List.of(
                    "openssl",
                    "req",
                    "-x509",
                    "-newkey",
                    "ec",
                    "-pkeyopt",
                    "ec_paramgen_curve:prime256v1",
                    "-nodes",
                    "-days",
                    "2",
                    "-subj",
                    "/CN=" + name,
                    "-addext",
                    "subjectAltName=IP:127.0.0.1",
                    "-keyout",
                    key.toString(),
                    "-out",
                    chain.toString());
            try {
                Process openssl = new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("openssl").toFile())
                        .start();
                assertThat(openssl.waitFor()).isZero();
            } catch (IOException e) {
                throw new IllegalStateException("this test needs 'openssl' on the PATH: apt-get install openssl", e);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return new Certificate(chain, key);
        }
    }
}
