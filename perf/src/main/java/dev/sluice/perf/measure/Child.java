package dev.sluice.perf.measure;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A process that answers questions, line by line. Everything it says but its answers goes to a log. It is killed when an answer
 * takes too long.
 */
public final class Child implements AutoCloseable {
    private static final int SHOWN_LINES = 15;
    private static final long PATIENCE_SECONDS = 5;

    private final String name;
    private final Path log;
    private final Duration limit;
    private final Process process;
    private final BufferedReader answers;
    private final BufferedWriter questions;

    /**
     * Starts it.
     *
     * @param name for messages
     * @param command the command and its arguments
     * @param log a file, written anew
     * @param limit how long an answer may take
     * @throws IOException when it cannot be started
     */
    public Child(String name, List<String> command, Path log, Duration limit) throws IOException {
        this.name = name;
        this.log = log;
        this.limit = limit;
        Files.createDirectories(log.toAbsolutePath().getParent());
        this.process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.to(log.toFile()))
                .start();
        this.answers = process.inputReader(StandardCharsets.UTF_8);
        this.questions = process.outputWriter(StandardCharsets.UTF_8);
    }

    /**
     * Waits until it can answer.
     *
     * @return what it says after that it is ready
     * @throws IOException when it does not get ready
     */
    public String awaitReady() throws IOException {
        String line = read();
        if (!line.startsWith("ready")) {
            throw new IOException(name + " did not get ready but said: " + line);
        }
        return line.substring("ready".length()).trim();
    }

    /**
     * Asks.
     *
     * @param question a line
     * @return the answer
     * @throws IOException when there is none within the limit; the process has ended then, or is killed
     */
    public String ask(String question) throws IOException {
        try {
            questions.write(question);
            questions.newLine();
            questions.flush();
        } catch (IOException e) {
            throw new IOException(name + " takes no questions. The end of " + log + ":\n" + endOfLog(), e);
        }
        return read();
    }

    /** What it has used of the processor, in steps of the operating system's, of 10 ms or so. */
    public Duration cpu() {
        return process.toHandle().info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** Lets it run for so long, alone. */
    Figures.Turn turn(int millis) throws IOException {
        return Figures.Turn.parse(ask(Integer.toString(millis)));
    }

    /** Waits for the result of a program. */
    Figures.Turn result() throws IOException {
        return Figures.Turn.parse(read());
    }

    private String read() throws IOException {
        String line = readInTime();
        if (line == null) {
            throw new IOException(name + " ended before it was done. The end of " + log + ":\n" + endOfLog());
        }
        return line;
    }

    private @Nullable String readInTime() throws IOException {
        try {
            return CompletableFuture.supplyAsync(this::readLine).get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            process.destroyForcibly();
            throw new IOException(name + " did not answer within " + limit.toSeconds() + " s and was killed", e);
        } catch (ExecutionException e) {
            throw new IOException(name + " cannot be read: " + e.getCause(), e);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while " + name + " was running", e);
        }
    }

    private @Nullable String readLine() {
        try {
            return answers.readLine();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String endOfLog() throws IOException {
        List<String> lines = Files.readAllLines(log);
        return String.join("\n", lines.subList(Math.max(0, lines.size() - SHOWN_LINES), lines.size()));
    }

    @Override
    public void close() {
        try {
            questions.close();
            answers.close();
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
