package dev.sluice.perf.measure;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The process of a contender. Everything it says but its results goes to a log. */
final class Child implements AutoCloseable {
    private static final int SHOWN_LINES = 15;
    private static final long PATIENCE_SECONDS = 5;

    private final String name;
    private final Path log;
    private final Process process;
    private final BufferedReader answers;
    private final BufferedWriter questions;

    Child(String name, List<String> command, Path log) throws IOException {
        this.name = name;
        this.log = log;
        Files.createDirectories(log.toAbsolutePath().getParent());
        this.process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.to(log.toFile()))
                .start();
        this.answers = process.inputReader(StandardCharsets.UTF_8);
        this.questions = process.outputWriter(StandardCharsets.UTF_8);
    }

    /** Waits until it can take turns. */
    void awaitReady() throws IOException {
        String line = read();
        if (!line.equals("ready")) {
            throw new IOException(name + " did not get ready but said: " + line);
        }
    }

    /** Lets it run for so long, alone. */
    Figures.Turn turn(int millis) throws IOException {
        questions.write(Integer.toString(millis));
        questions.newLine();
        questions.flush();
        return result();
    }

    /** Waits for the result of a program. */
    Figures.Turn result() throws IOException {
        return Figures.Turn.parse(read());
    }

    private String read() throws IOException {
        String line = answers.readLine();
        if (line == null) {
            throw new IOException(name + " ended before it was done. The end of " + log + ":\n" + endOfLog());
        }
        return line;
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
