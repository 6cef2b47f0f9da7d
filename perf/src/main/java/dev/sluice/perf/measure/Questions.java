package dev.sluice.perf.measure;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * What a {@link Child} is asked and answers, line by line: the other side of it. The process halts when its standard input ends,
 * whatever it is doing: it does not outlive who started it.
 */
public final class Questions {
    private final PrintStream answers;
    private final BlockingQueue<String> asked = new LinkedBlockingQueue<>();

    private Questions(PrintStream answers) {
        this.answers = answers;
    }

    /**
     * Does the work of a child, and halts when that fails: threads of an event loop would keep the process alive, and whoever
     * waits for an answer waiting.
     *
     * @param work says that it is ready, then answers
     */
    public static void answer(Work work) {
        // Standard output belongs to the protocol.
        Questions questions = new Questions(System.out);
        System.setOut(System.err);
        Thread reader = new Thread(questions::read, "questions");
        reader.setDaemon(true);
        reader.start();
        try {
            work.run(questions);
        } catch (Throwable e) {
            e.printStackTrace();
            System.err.flush();
            Runtime.getRuntime().halt(1);
        }
    }

    private void read() {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                asked.add(line);
            }
        } catch (IOException e) {
            System.err.println("No more questions: " + e);
        } finally {
            // Whatever was thrown, memory that is used up included.
            Runtime.getRuntime().halt(0);
        }
    }

    /**
     * Says that it is ready.
     *
     * @param words what else there is to say
     */
    public void ready(String words) {
        answers.println("ready " + words);
    }

    /**
     * Waits for the next question.
     *
     * @throws InterruptedException when it is not to wait any more
     */
    public String next() throws InterruptedException {
        return asked.take();
    }

    /** Answers the last question. */
    public void answer(String line) {
        answers.println(line);
    }

    /** What a child does. */
    @FunctionalInterface
    public interface Work {
        /**
         * Does it; returns never, or to end.
         *
         * @throws Exception when it cannot go on
         */
        void run(Questions questions) throws Exception;
    }
}
