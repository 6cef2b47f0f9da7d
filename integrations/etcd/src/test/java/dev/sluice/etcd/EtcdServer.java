package dev.sluice.etcd;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A real etcd of a test, on free ports of the loopback, with its data in a folder of its own. Ended and removed by {@link #close()}. */
public final class EtcdServer implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final String name;
    private final int port = freePort();
    private final int peerPort = freePort();
    private final int metricsPort = freePort();
    private final Path folder;
    private final List<String> more;
    private final boolean tls;
    private String cluster = "";
    private @Nullable Process process;

    EtcdServer(String name, boolean tls, List<String> more) {
        this.name = name;
        this.tls = tls;
        this.more = more;
        try {
            this.folder = Files.createTempDirectory("sluice-etcd");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An etcd that is ready. */
    public static EtcdServer start() {
        return alone(false, List.of());
    }

    static EtcdServer startWithTls(Path certificate, Path key) {
        return alone(true, List.of("--cert-file", certificate.toString(), "--key-file", key.toString()));
    }

    private static EtcdServer alone(boolean tls, List<String> more) {
        EtcdServer server = new EtcdServer("one", tls, more);
        server.begin(server.member());
        server.awaitReady();
        return server;
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How others of a cluster know it. */
    String member() {
        return name + "=http://127.0.0.1:" + peerPort;
    }

    void begin(String cluster) {
        String scheme = tls ? "https" : "http";
        List<String> command = new ArrayList<>(List.of(
                "etcd",
                "--name",
                name,
                "--data-dir",
                folder.resolve("data").toString(),
                "--listen-client-urls",
                scheme + "://127.0.0.1:" + port,
                "--advertise-client-urls",
                scheme + "://127.0.0.1:" + port,
                "--listen-peer-urls",
                "http://127.0.0.1:" + peerPort,
                "--initial-advertise-peer-urls",
                "http://127.0.0.1:" + peerPort,
                "--initial-cluster",
                cluster,
                "--listen-metrics-urls",
                "http://127.0.0.1:" + metricsPort,
                "--log-level",
                "error"));
        command.addAll(more);
        try {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("log").toFile())
                    .start();
        } catch (IOException e) {
            throw new IllegalStateException("this test needs 'etcd' on the PATH: apt-get install etcd-server", e);
        }
        this.cluster = cluster;
    }

    void awaitReady() {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(50)).until(() -> {
            requireAlive();
            return health().contains("true");
        });
    }

    private String health() {
        try {
            return http("/health");
        } catch (UncheckedIOException notYet) {
            return "";
        }
    }

    /** Says why, when it has ended by itself. */
    private void requireAlive() throws IOException {
        if (process == null || !process.isAlive()) {
            throw new IllegalStateException("etcd has ended" + (process == null ? "" : " with " + process.exitValue())
                    + ": " + Files.readString(folder.resolve("log")));
        }
    }

    private String http(String path) {
        try (InputStream in =
                URI.create("http://127.0.0.1:" + metricsPort + path).toURL().openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A number out of what it tells of itself. */
    public double metric(String metric) {
        try {
            requireAlive();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return http("/metrics")
                .lines()
                .filter(line -> line.startsWith(metric + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(metric.length() + 1)))
                .sum();
    }

    /** Where it listens, as {@code host:port}. */
    public String endpoint() {
        return "127.0.0.1:" + port;
    }

    /**
     * The URL of a directory in it.
     *
     * @param prefix begins with {@code /}
     */
    public String url(String prefix) {
        return "etcd://" + endpoint() + prefix;
    }

    /** Ends it at once, as {@code kill -9}. */
    public void kill() {
        Process running = process;
        if (running != null) {
            running.destroyForcibly();
            ended(running);
        }
    }

    private static void ended(Process process) {
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                throw new IllegalStateException("etcd does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Stops it for a while, as a machine that hangs, or lets it go on. */
    public void freeze(boolean frozen) {
        Process running = process;
        if (running != null) {
            run(List.of("kill", frozen ? "-STOP" : "-CONT", Long.toString(running.pid())));
        }
    }

    /** Starts it again, with what it had. */
    public void restart() {
        begin(cluster);
        awaitReady();
    }

    /** Starts it again, with nothing. */
    public void restartEmpty() {
        remove(folder.resolve("data"));
        restart();
    }

    /** Runs {@code etcdctl} against it, and returns what it says. */
    public String etcdctl(String... arguments) {
        List<String> command = new ArrayList<>(List.of("etcdctl", "--endpoints", endpoint()));
        command.addAll(List.of(arguments));
        return run(command);
    }

    private static String run(List<String> command) {
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().put("ETCDCTL_API", "3");
            Process running = builder.start();
            String said = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            ended(running);
            if (running.exitValue() != 0) {
                throw new IllegalStateException(command + " failed: " + said);
            }
            return said;
        } catch (IOException e) {
            throw new IllegalStateException(
                    "this test needs '" + command.get(0) + "' on the PATH: apt-get install etcd-client", e);
        }
    }

    private static void remove(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        kill();
        remove(folder);
    }
}
