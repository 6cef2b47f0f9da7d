package dev.sluice.channel.memory;

import dev.sluice.channel.spi.ExactSubscription;
import dev.sluice.channel.spi.Thrown;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;

/**
 * One subscriber of a group or listener: its demand, and the batch of elements it was given and not yet passed on.
 *
 * <p><b>Invariants.</b> All fields are guarded by the group's lock, except: while {@link #busy}, the thread that was
 * given the receiver reads the batch, whose elements it claims one by one through {@link #position}. A cancel claims the
 * rest in one step, so each element is either passed to {@code onNext} or back in the group.
 *
 * <table>
 * <caption>States</caption>
 * <tr><th>state</th><th>means</th><th>left by</th></tr>
 * <tr><td>idle</td><td>no demand, or nothing may be taken</td><td>request: ready</td></tr>
 * <tr><td>{@code ready}</td><td>in the group's list, has demand</td><td>take: busy</td></tr>
 * <tr><td>{@code busy}</td><td>one thread delivers its batch</td><td>settle: ready or idle</td></tr>
 * <tr><td>{@code left}</td><td>unlinked; cancelled, failed or ended</td><td>never</td></tr>
 * </table>
 *
 * @param <T> the element
 */
class Receiver<T> implements ExactSubscription, Scannable {
    /** The most elements taken in one step. */
    static final int BATCH = 64;

    private static final int FIRST_BATCH = 4;
    private static final int CLAIMED = 1 << 30;
    private static final VarHandle POSITION;
    private static final VarHandle CANCELLED;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            POSITION = lookup.findVarHandle(Receiver.class, "position", int.class);
            CANCELLED = lookup.findVarHandle(Receiver.class, "cancelled", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final CoreSubscriber<Object> actual;
    private @Nullable Group<T> group;

    long demand;
    int counted;
    int turn;
    boolean started;
    boolean ready;
    boolean busy;
    boolean ending;
    boolean left;
    int index;

    @Nullable Throwable failure;

    /** To be run when the batch it left with is passed on. */
    @Nullable Runnable whenQuiet;

    @Nullable Receiver<T> previous;

    @Nullable Receiver<T> next;

    /** The batch; an offset is complemented where the element has a {@link Mark}, and what is left of one is wrapped. */
    private Object[] values = new Object[FIRST_BATCH];

    private long[] offsets = new long[FIRST_BATCH];
    private int size;

    @SuppressWarnings("unused") // through POSITION
    private volatile int position;

    private volatile boolean cancelled;

    private record Rest<T>(T value) {}

    @SuppressWarnings("unchecked")
    Receiver(CoreSubscriber<?> actual) {
        this.actual = (CoreSubscriber<Object>) actual;
    }

    final void join(Group<T> joined, int at) {
        this.group = joined;
        this.index = at;
    }

    final Group<T> group() {
        Group<T> joined = group;
        if (joined == null) {
            throw new IllegalStateException("not joined");
        }
        return joined;
    }

    /** The subscriber has its subscription. */
    final void start() {
        group().exits.open(this);
    }

    final boolean isCancelled() {
        return cancelled;
    }

    /** How many elements may be taken for it now. */
    long available() {
        return demand;
    }

    /** Under the lock: adds an element to the batch. */
    void give(long offset, T value, Mark mark) {
        if (size == values.length) {
            values = Arrays.copyOf(values, size * 4);
            offsets = Arrays.copyOf(offsets, size * 4);
        }
        values[size] = mark == Mark.PARTIAL ? new Rest<>(value) : value;
        offsets[size] = mark == Mark.NONE ? offset : ~offset;
        size++;
    }

    /** Under the lock: the batch is complete; a single element is passed on in any case. */
    final void seal() {
        if (demand != Long.MAX_VALUE) {
            demand -= size;
        }
        POSITION.setOpaque(this, size == 1 ? 1 : 0);
    }

    /**
     * Passes the batch on. User code: no lock is held. A subscriber that throws is treated as if it had cancelled.
     *
     * @return what is to be rethrown in the end, as {@link Thrown#by}
     */
    final @Nullable Thrown deliver(@Nullable Thrown before) {
        try {
            if (size == 1) {
                emit(0);
            } else {
                int count = size;
                for (int i = claim(); i < count; i = claim()) {
                    emit(i);
                }
            }
            return before;
        } catch (Throwable e) {
            Thrown thrown = Thrown.by(e, actual.currentContext(), before);
            try {
                cancel();
                return thrown;
            } catch (Throwable more) {
                return Thrown.by(more, thrown);
            }
        }
    }

    private int claim() {
        return (int) POSITION.getAndAdd(this, 1);
    }

    private void emit(int index) {
        Object value = values[index];
        long offset = offsets[index];
        values[index] = null;
        if (offset >= 0) {
            emit(offset, value);
        } else {
            emit(~offset, value instanceof Rest<?> rest ? rest.value() : value);
        }
    }

    /** Passes one element on. */
    void emit(long offset, Object value) {
        actual.onNext(value);
    }

    /** Under the lock, after delivery: how many elements are out of its hands. */
    final int settle() {
        int settled = size;
        size = 0;
        return settled;
    }

    /** Under the lock: whether it has been given something that would come back if it left. */
    boolean holds() {
        return size > 0;
    }

    /** Under the lock: the lowest offset it has and may still give back; the largest number when there is none. */
    long lowest() {
        if (size == 0) {
            return Long.MAX_VALUE;
        }
        // What is passed on at this moment is the one before.
        long offset = offsets[Math.min(size - 1, Math.max(0, position - 1))];
        return offset >= 0 ? offset : ~offset;
    }

    /** How many of the settled elements count as delivered now. */
    int delivered(int settled) {
        return settled;
    }

    /** Under the lock: takes back what is not claimed yet; returns how many elements that were. */
    int reclaim(Group<T> into) {
        int count = size;
        int from = (int) POSITION.getAndSet(this, CLAIMED);
        for (int i = from; i < count; i++) {
            reclaim(into, offsets[i], values[i]);
            values[i] = null;
        }
        if (from < count) {
            size = from;
            return count - from;
        }
        return 0;
    }

    @SuppressWarnings("unchecked")
    private void reclaim(Group<T> into, long offset, Object value) {
        if (offset >= 0) {
            giveBack(into, offset, (T) value, Mark.NONE);
        } else if (value instanceof Rest<?> rest) {
            giveBack(into, ~offset, (T) rest.value(), Mark.PARTIAL);
        } else {
            giveBack(into, ~offset, (T) value, Mark.REDELIVERED);
        }
    }

    void giveBack(Group<T> into, long offset, T value, Mark mark) {
        into.takeBack(offset, value, mark);
    }

    /** Passes the end on, unless the subscriber does not want to know; returns as {@link #deliver}. */
    final @Nullable Thrown end(@Nullable Throwable cause, @Nullable Thrown before) {
        try {
            if (cancelled) {
                return before;
            }
            if (cause == null) {
                actual.onComplete();
            } else {
                actual.onError(cause);
            }
            return before;
        } catch (Throwable e) {
            return Thrown.by(e, actual.currentContext(), before);
        }
    }

    @Override
    public final void request(long n) {
        if (n <= 0) {
            Throwable cause = new IllegalArgumentException(
                    "a subscriber must request 1 or more elements (Reactive Streams rule 3.9), requested " + n);
            group().exits.fail(this, cause);
        } else {
            group().request(this, n);
        }
    }

    @Override
    public final void cancel() {
        if (CANCELLED.compareAndSet(this, false, true)) {
            group().exits.leave(this);
        }
    }

    @Override
    public final void cancel(Runnable told) {
        cancel();
        group().exits.whenQuiet(this, told);
    }

    @Override
    public @Nullable Object scanUnsafe(@SuppressWarnings("rawtypes") Attr key) {
        if (key == Attr.ACTUAL) {
            return actual;
        }
        if (key == Attr.CANCELLED) {
            return cancelled;
        }
        if (key == Attr.REQUESTED_FROM_DOWNSTREAM) {
            return demand;
        }
        if (key == Attr.NAME) {
            return group().describe();
        }
        if (key == Attr.TERMINATED) {
            return left && !cancelled;
        }
        return key == Attr.RUN_STYLE ? Attr.RunStyle.SYNC : null;
    }
}
