package dev.sluice.channel.spi;

import org.jspecify.annotations.Nullable;

/**
 * A gate behind which there is no room: nothing is committed here. Who comes waits, until it is admitted elsewhere.
 *
 * @param <T> the element
 */
public abstract class WaitingRoom<T> extends Gate<T> {
    /** A gate nobody waits at. */
    protected WaitingRoom() {}

    @Override
    public Outcome offer(T element, @Nullable Route<T> route, boolean inTurn) {
        if (route != null && route.gate() != this) {
            return Outcome.MOVED;
        }
        return isClosed() ? Outcome.CLOSED : Outcome.FULL;
    }

    @Override
    public long room(@Nullable Route<T> route, boolean inTurn) {
        return 0;
    }

    @Override
    protected final void prepare() {}

    @Override
    protected final boolean hasRoom() {
        return false;
    }

    @Override
    protected final boolean commitLocked(T element) {
        return false;
    }

    @Override
    protected final void closeFastLane() {}

    @Override
    protected final void openFastLane() {}

    @Override
    protected void committed(int burst) {}

    @Override
    protected final void skip(long ticket) {}
}
