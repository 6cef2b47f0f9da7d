package dev.sluice.perf.measure;

import java.io.BufferedReader;
import java.io.PrintStream;
import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.format.OutputFormat;

/** What JMH reports to: here an iteration waits for its turn and then tells its result. All else goes to the log. */
final class TurnFormat implements OutputFormat {
    private final BufferedReader questions;
    private final PrintStream answers;

    TurnFormat(BufferedReader questions, PrintStream answers) {
        this.questions = questions;
        this.answers = answers;
    }

    @Override
    public void startRun() {
        // The benchmark says that it starts.
    }

    @Override
    public void startBenchmark(BenchmarkParams benchParams) {
        answers.println("ready");
    }

    @Override
    public void iteration(BenchmarkParams benchParams, IterationParams params, int iteration) {
        if (!Worker.isAsked(questions)) {
            Runtime.getRuntime().halt(0);
        }
    }

    @Override
    public void iterationResult(
            BenchmarkParams benchParams, IterationParams params, int iteration, IterationResult data) {
        double score = data.getPrimaryResult().getScore();
        double allocated = Double.NaN;
        for (Result<?> result : data.getSecondaryResults().values()) {
            if (result.getLabel().endsWith("gc.alloc.rate.norm")) {
                allocated = result.getScore();
            }
        }
        answers.println(String.format(Locale.ROOT, "result %.4f %.4f", score, allocated));
    }

    @Override
    public void endBenchmark(@Nullable BenchmarkResult result) {
        // Every iteration has told its own.
    }

    @Override
    public void endRun(Collection<RunResult> result) {
        // Every iteration has told its own.
    }

    @Override
    public void print(String s) {
        System.err.print(s);
    }

    @Override
    public void println(String s) {
        System.err.println(s);
    }

    @Override
    public void flush() {
        System.err.flush();
    }

    @Override
    public void verbosePrintln(String s) {
        // Too much for a log.
    }

    @Override
    public void write(int b) {
        System.err.write(b);
    }

    @Override
    public void write(byte[] b) {
        System.err.write(b, 0, b.length);
    }

    @Override
    public void close() {
        flush();
    }
}
