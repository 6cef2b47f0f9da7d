package dev.sluice.hub.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;

/** A line on a terminal that tells how far something of a known size has come. None elsewhere. */
final class Progress {

    private static final Duration EVERY = Duration.ofMillis(200);

    private final PrintWriter terminal;
    private final String what;
    private final long size;
    private final LongSupplier done;
    private final long began = System.nanoTime();
    private final boolean shown;
    private final Disposable timer;

    private Progress(PrintWriter terminal, String what, long size, LongSupplier done, boolean shown) {
        this.terminal = terminal;
        this.what = what;
        this.size = size;
        this.done = done;
        this.shown = shown;
        this.timer = shown ? Flux.interval(EVERY).subscribe(tick -> draw("")) : Disposables.disposed();
    }

    /**
     * Works, and shows a line meanwhile when standard error is a terminal and the size is known.
     *
     * @param size bytes; not more than 0 when nobody knows
     * @param done bytes so far
     */
    static <T> T during(PrintWriter terminal, String what, long size, LongSupplier done, Supplier<T> work) {
        Progress progress = new Progress(terminal, what, size, done, size > 0 && Streams.isTerminal(Streams.ERROR));
        try {
            return work.get();
        } finally {
            progress.close();
        }
    }

    private synchronized void draw(String end) {
        long bytes = done.getAsLong();
        double seconds = Math.max(1, System.nanoTime() - began) / 1e9;
        terminal.printf(
                Locale.ROOT,
                "\r%s  %3d%%  %s of %s  %s/s\u001b[K%s",
                what,
                Math.min(100, bytes * 100 / size),
                Figures.bytes(bytes),
                Figures.bytes(size),
                Figures.bytes((long) (bytes / seconds)),
                end);
        terminal.flush();
    }

    private void close() {
        timer.dispose();
        if (shown) {
            draw("\n");
        }
    }
}
