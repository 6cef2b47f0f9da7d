package dev.sluice.switching;

import dev.sluice.channel.spi.SendQueue;
import dev.sluice.channel.spi.WaitingRoom;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A gate without room: sends wait in it, in order, until they are moved elsewhere or it is closed.
 *
 * @param <T> the element
 */
final class HoldGate<T> extends WaitingRoom<T> {
    private final String name;

    /** Makes what sends are refused with; set once, under the lock. */
    private volatile @Nullable Supplier<? extends Throwable> closed;

    HoldGate(String name) {
        this.name = name;
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
}
