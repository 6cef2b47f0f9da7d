package dev.sluice.switching;

import dev.sluice.channel.spi.Backoff;
import dev.sluice.channel.spi.Gate;
import dev.sluice.channel.spi.Outcome;
import dev.sluice.channel.spi.Route;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.Exceptions;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * A gate whose tail word is the count.
 *
 * <p>Elements that somebody wants to see are put into {@link #unseen} where they are committed, which may be under a
 * lock, and shown where senders are told, which is not. Every sender shows at least as many as it has committed, so no
 * more wait there than senders are at work; without anybody to show them to nothing is kept and nothing allocated.
 *
 * @param <T> the element
 */
final class CountingSinkhole<T> extends Gate<T> implements Sinkhole<T> {
    private final String name;
    private final @Nullable Consumer<? super T> hook;
    private final @Nullable Consumer<? super T> sampler;
    private final int every;
    private final @Nullable ConcurrentLinkedQueue<Passing<T>> unseen;

    /** Tickets that were left out. Written while the gate is shut. */
    private volatile long skipped;

    private volatile boolean laneClosed;

    CountingSinkhole(Builder<T> builder) {
        this.name = builder.name;
        this.hook = builder.onDiscard;
        this.sampler = builder.sampler;
        this.every = builder.every;
        this.unseen = hook == null && sampler == null ? null : new ConcurrentLinkedQueue<>();
    }

    private record Passing<T>(T element, boolean sampled) {}

    @Override
    public Outcome offer(T element, @Nullable Route<T> route, boolean inTurn) {
        for (; ; ) {
            long word = tail();
            if (isShut(word) || laneClosed) {
                return offerLocked(element, route, inTurn);
            }
            if (route != null && route.gate() != this) {
                return Outcome.MOVED;
            }
            if (commit(word)) {
                keep(word, element);
                return Outcome.ACCEPTED;
            }
        }
    }

    private Outcome offerLocked(T element, @Nullable Route<T> route, boolean inTurn) {
        lock();
        try {
            if (route != null && route.gate() != this) {
                return Outcome.MOVED;
            }
            boolean next = inTurn || waiting.isEmpty();
            return next && !isForeign(route) && commitLocked(element) ? Outcome.ACCEPTED : Outcome.FULL;
        } finally {
            unlock();
        }
    }

    @Override
    protected boolean commitLocked(T element) {
        for (; ; ) {
            long word = tail();
            if (commit(word)) {
                keep(word, element);
                return true;
            }
        }
    }

    private void keep(long word, T element) {
        if (unseen != null) {
            boolean sampled = sampler != null && (ticket(word) - skipped + 1) % every == 0;
            if (sampled || hook != null) {
                unseen.add(new Passing<>(element, sampled));
            }
        }
    }

    @Override
    protected void committed(int burst) {
        if (unseen != null) {
            for (Passing<T> next = unseen.poll(); next != null; next = unseen.poll()) {
                if (next.sampled()) {
                    show(sampler, next.element());
                }
                show(hook, next.element());
            }
        }
    }

    private static <T> void show(@Nullable Consumer<? super T> consumer, T element) {
        if (consumer != null) {
            try {
                consumer.accept(element);
            } catch (Throwable thrown) {
                Exceptions.throwIfJvmFatal(thrown);
                Operators.onErrorDropped(thrown, Context.empty());
            }
        }
    }

    @Override
    public long count() {
        int turns = 0;
        for (; ; ) {
            long word = tail();
            if (!isShut(word)) {
                long count = ticket(word) - skipped;
                if (tail() == word) {
                    return count;
                }
            }
            turns = Backoff.pause(turns);
        }
    }

    @Override
    public long room(@Nullable Route<T> route, boolean inTurn) {
        return laneClosed && !inTurn ? 0 : Long.MAX_VALUE;
    }

    @Override
    public boolean isClosed() {
        return false;
    }

    @Override
    public Throwable refusal() {
        throw new IllegalStateException("a sinkhole does not close");
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    protected void prepare() {}

    @Override
    protected boolean hasRoom() {
        return true;
    }

    @Override
    protected void closeFastLane() {
        laneClosed = true;
    }

    @Override
    protected void openFastLane() {
        laneClosed = false;
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer at a time: under the lock
    protected void skip(long ticket) {
        skipped++;
    }

    @Override
    public @Nullable Object scanUnsafe(@SuppressWarnings("rawtypes") Attr key) {
        if (key == Attr.NAME) {
            return name;
        }
        return key == Attr.RUN_STYLE ? Attr.RunStyle.SYNC : null;
    }

    @Override
    public String toString() {
        return "Sinkhole[" + name + ", " + count() + " elements]";
    }
}
