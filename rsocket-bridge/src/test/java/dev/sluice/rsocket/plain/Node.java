package dev.sluice.rsocket.plain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** A script of {@code src/test/javascript} in a process of its own, which does not outlive its test. */
final class Node implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Path SCRIPTS = Path.of("src", "test", "javascript").toAbsolutePath();

    private final Process process;
    private final Path output;

    private Node(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /** Without Node or its packages a test is skipped, unless it was said to be needed, as {@code ./check} does. */
    static void require() {
        boolean there = Files.isDirectory(SCRIPTS.resolve("node_modules")) && runs();
        String remedy =
                "JavaScript clients are tested with Node and the packages of rsocket-bridge/src/test/javascript:"
                        + " install nodejs and npm and run npm ci there, or run ./check, which does both";
        if ("required".equals(System.getenv("NODE_TESTS"))) {
            assertThat(there).as(remedy).isTrue();
        }
        assumeTrue(there, remedy);
    }

    private static boolean runs() {
        try {
            Process process = new ProcessBuilder("node", "--version")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException missing) {
            return false;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    static Node run(Path folder, String script, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("node", script));
        command.addAll(List.of(arguments));
        Path output = folder.resolve(script + ".out");
        Process process = new ProcessBuilder(command)
                .directory(SCRIPTS.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        return new Node(process, output);
    }

    List<String> lines() {
        try {
            return Files.readAllLines(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until the script has printed a line. */
    void awaitLine(String line) {
        await().atMost(LIMIT).until(() -> {
            assertThat(process.isAlive() || lines().contains(line))
                    .as(() -> "the script ended: " + lines())
                    .isTrue();
            return lines().contains(line);
        });
    }

    /** Sends the script a line. */
    void tell(String line) throws IOException {
        var writer = Objects.requireNonNull(process.outputWriter());
        writer.write(line + "\n");
        writer.flush();
    }

    /** What the script has printed when it has ended well. */
    List<String> result() throws InterruptedException {
        assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS))
                .as(() -> "the script goes on and on: " + lines())
                .isTrue();
        assertThat(process.exitValue())
                .as(() -> "the script failed: " + lines())
                .isZero();
        return lines();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
