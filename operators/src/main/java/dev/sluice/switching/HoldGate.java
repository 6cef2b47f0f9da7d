package dev.sluice.switching;

import dev.sluice.channel.spi.Gate;
import dev.sluice.channel.spi.Outcome;
import dev.sluice.channel.spi.Route;
import dev.sluice.channel.spi.SendQueue;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A gate without room: sends wait in it, in order, until they are moved elsewhere or it is closed.
 *
 * @param <T> the element
 */
final class HoldGate<T> extends Gate<T> {
    private final String name;

    /** Makes what sends are refused with; set once, under the lock. */
    private volatile @Nullable Supplier<? extends Throwable> closed;

    HoldGate(String name) {
        this.name = name;
    }

    @Override
    public Outcome offer(T element, @Nullable Route<T> route, boolean inTurn) {
        if (route != null && route.gate() != this) {
            return Outcome.MOVED;
        }
        return closed == null ? Outcome.FULL : Outcome.CLOSED;
    }

    /** From now on all sends are refused; {@code after} refuses those that wait. */
    void close(Supplier<? extends Throwable> refusal, List<Runnable> after) {
        SendQueue<T> told = new SendQueue<>();
        lock();
        try {
            if (closed != null) {
                return;
            }
            closed = refusal;
            releaseAll(told);
        } finally {
            unlock();
        }
        after.add(() -> told.refuse(refusal));
    }

    @Override
    public long room(@Nullable Route<T> route, boolean inTurn) {
        return 0;
    }

    @Override
    public boolean isClosed() {
        return closed != null;
    }

    @Override
    public Throwable refusal() {
        return Objects.requireNonNull(closed, "not closed").get();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    protected void prepare() {}

    @Override
    protected boolean hasRoom() {
        return false;
    }

    @Override
    protected boolean commitLocked(T element) {
        return false;
    }

    @Override
    protected void closeFastLane() {}

    @Override
    protected void openFastLane() {}

    @Override
    protected void committed(int burst) {}

    @Override
    protected void skip(long ticket) {}
}
