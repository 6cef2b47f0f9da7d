package dev.sluice.perf.measure;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.WarmupMode;

/**
 * Runs one JMH benchmark turn by turn: it is its own fork, so that several of them can be alive and take turns. The
 * entry point of that process.
 *
 * <p>Prints {@code ready}; then, for every line that it reads, runs one JMH iteration and prints {@code result}, the
 * score, and the bytes that an operation allocated ({@code NaN} when that was not asked for).
 */
public final class Worker {
    private static final int FIRST_PARAM = 5;

    private Worker() {}

    /**
     * Runs a benchmark.
     *
     * @param args the benchmark, its warm-ups, turns and milliseconds, whether to count allocation, then {@code
     *     param=value}
     * @throws RunnerException when the benchmark fails
     */
    public static void main(String... args) throws RunnerException {
        // Several are alive, and one runs.
        System.setProperty("jmh.ignoreLock", "true");
        // Standard output belongs to the protocol.
        PrintStream answers = System.out;
        System.setOut(System.err);
        BufferedReader questions = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        TimeValue time = TimeValue.milliseconds(Long.parseLong(args[3]));
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include("^" + Pattern.quote(args[0]) + "$")
                .forks(0)
                .warmupMode(WarmupMode.INDI)
                .warmupIterations(Integer.parseInt(args[1]))
                .warmupTime(time)
                .measurementIterations(Integer.parseInt(args[2]))
                .measurementTime(time)
                .shouldFailOnError(true);
        if (Boolean.parseBoolean(args[4])) {
            options.addProfiler(GCProfiler.class);
        }
        for (int i = FIRST_PARAM; i < args.length; i++) {
            int equals = args[i].indexOf('=');
            options.param(args[i].substring(0, equals), args[i].substring(equals + 1));
        }
        new Runner(options.build(), new TurnFormat(questions, answers)).run();
    }

    /** The next question; false when there are no more. */
    static boolean isAsked(BufferedReader questions) {
        try {
            return questions.readLine() != null;
        } catch (IOException e) {
            return false;
        }
    }
}
