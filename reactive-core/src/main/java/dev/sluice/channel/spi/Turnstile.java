package dev.sluice.channel.spi;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Lets one commit through after the other, numbers them, and can be shut.
 *
 * <p><b>The tail word</b> is {@code ticket << 12 | sequence}. The ticket is the offset of the next element. The sequence
 * counts the shuts since that ticket was reached; odd means shut. Every change makes the word larger, so a stale
 * compare-and-set can never succeed: a commit stands for "nothing has changed since I looked". When the sequence
 * overflows, the next ticket is {@linkplain #skip left out}.
 *
 * <p>The lock is a word that is spun on, then yielded for; its holder never runs user code and never parks.
 */
abstract class Turnstile {
    /** Low bits of the tail word that count shuts. */
    protected static final int SEQUENCE_BITS = 12;

    private static final long SEQUENCE_MASK = (1L << SEQUENCE_BITS) - 1;
    private static final AtomicLong ORDER = new AtomicLong();
    private static final VarHandle TAIL;
    private static final VarHandle LOCK;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            TAIL = lookup.findVarHandle(Turnstile.class, "tail", long.class);
            LOCK = lookup.findVarHandle(Turnstile.class, "lock", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile long tail;

    @SuppressWarnings("unused") // through LOCK
    private volatile int lock;

    private final long order = ORDER.getAndIncrement();

    Turnstile() {}

    /** Under the lock, shut: a ticket is left out, because the sequence would overflow. */
    protected abstract void skip(long ticket);

    /** The gate's place in the order of locks. */
    final long order() {
        return order;
    }

    /** The tail word. */
    protected final long tail() {
        return tail;
    }

    /** The ticket of a tail word: the offset of the next element. */
    protected static long ticket(long word) {
        return word >>> SEQUENCE_BITS;
    }

    /** Whether a tail word says that the gate is shut. */
    protected static boolean isShut(long word) {
        return (word & 1) != 0;
    }

    /** Commits one element: takes the ticket of a tail word, provided that nothing has changed since it was read. */
    protected final boolean commit(long word) {
        return TAIL.compareAndSet(this, word, (ticket(word) + 1) << SEQUENCE_BITS);
    }

    /** As {@link #commit(long)}, for so many elements, which get tickets one after the other. */
    protected final boolean commit(long word, int count) {
        return TAIL.compareAndSet(this, word, (ticket(word) + count) << SEQUENCE_BITS);
    }

    /** Under the lock: from now on no commit succeeds, and every one in flight looks again. */
    protected final void shut() {
        TAIL.getAndAdd(this, 1L);
    }

    /** Under the lock: as {@link #shut()}, provided that nothing has changed since the tail word was read. */
    protected final boolean shut(long word) {
        return TAIL.compareAndSet(this, word, word + 1);
    }

    /** Under the lock: commits succeed again. */
    protected final void reopen() {
        long word = tail;
        if ((word & SEQUENCE_MASK) == SEQUENCE_MASK) {
            skip(ticket(word));
        }
        tail = word + 1;
    }

    /** Takes the lock: spins, then yields; the holder never runs user code. */
    protected final void lock() {
        if (!LOCK.compareAndSet(this, 0, 1)) {
            lockContended();
        }
    }

    private void lockContended() {
        int turns = 0;
        do {
            turns = Backoff.pause(turns);
        } while ((int) LOCK.getVolatile(this) != 0 || !LOCK.compareAndSet(this, 0, 1));
    }

    /** Lets the lock go. */
    protected final void unlock() {
        LOCK.setRelease(this, 0);
    }
}
