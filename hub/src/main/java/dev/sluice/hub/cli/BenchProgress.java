package dev.sluice.hub.cli;

import dev.sluice.hub.cli.bench.Period;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;

/** A bar on a terminal that tells how far a measurement has come. None elsewhere. */
final class BenchProgress {

    private static final Duration EVERY = Duration.ofMillis(200);
    private static final int WIDTH = 30;

    private final PrintWriter terminal;
    private final Period period;
    private final String unit;
    private final LongSupplier done;
    private final long began = System.nanoTime();
    private final boolean shown;
    private final Disposable timer;

    private BenchProgress(PrintWriter terminal, Period period, String unit, LongSupplier done, boolean shown) {
        this.terminal = terminal;
        this.period = period;
        this.unit = unit;
        this.done = done;
        this.shown = shown;
        this.timer =
                shown ? Flux.interval(EVERY).onBackpressureDrop().subscribe(tick -> draw()) : Disposables.disposed();
    }

    static BenchProgress of(PrintWriter terminal, Period period, String unit, LongSupplier done) {
        return new BenchProgress(terminal, period, unit, done, Streams.isTerminal(Streams.ERROR));
    }

    private synchronized void draw() {
        terminal.print("\r" + line(System.nanoTime() - began) + "\u001b[K");
        terminal.flush();
    }

    /** As it looks after so many nanoseconds. */
    String line(long nanos) {
        long count = done.getAsLong();
        double part = period.limit() > 0
                ? (double) count / period.limit()
                : (double) nanos / period.warmUp().plus(period.duration()).toNanos();
        int full = (int) Math.round(Math.min(1, part) * WIDTH);
        return String.format(
                Locale.ROOT,
                "[%s%s] %3.0f%%  %s %s, %s/s%s",
                "=".repeat(full),
                " ".repeat(WIDTH - full),
                Math.min(1, part) * 100,
                Figures.count((double) count),
                unit,
                Figures.count(Math.rint((double) count / Math.max(1e-9, nanos / 1e9))),
                nanos < period.warmUp().toNanos() ? ", warming up" : "");
    }

    /** Takes the bar away: the figures follow. */
    void close() {
        timer.dispose();
        if (shown) {
            synchronized (this) {
                terminal.print("\r\u001b[K");
                terminal.flush();
            }
        }
    }
}
