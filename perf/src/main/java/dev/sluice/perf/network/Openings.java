package dev.sluice.perf.network;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Opens the sources of peers with one stream for each source, some at a time: the end of one opens the next. Thread safe. */
final class Openings {
    private final int sources;
    private final Consumer<Openings> open;
    private final AtomicInteger opened = new AtomicInteger();

    private Openings(int sources, Consumer<Openings> open) {
        this.sources = sources;
        this.open = open;
    }

    /**
     * Opens the first ones.
     *
     * @param sources how many in all
     * @param atATime how many may be open at once
     * @param open opens one; {@link #next()} must be called when that has ended
     */
    static void start(int sources, int atATime, Consumer<Openings> open) {
        Openings openings = new Openings(sources, open);
        for (int i = 0; i < atATime; i++) {
            openings.next();
        }
    }

    /** Opens another one, when there is one. */
    void next() {
        if (opened.getAndIncrement() < sources) {
            open.accept(this);
        }
    }
}
