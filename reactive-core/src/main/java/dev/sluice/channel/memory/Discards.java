package dev.sluice.channel.memory;

import dev.sluice.channel.spi.SendQueue;
import dev.sluice.channel.spi.Thrown;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Passes what nobody wants to the discard hook. What that is, the channel and its groups note under their locks; here it
 * is passed on, outside all of them.
 *
 * @param <T> the element
 */
final class Discards<T> {
    private static final VarHandle DROPS;

    static {
        try {
            DROPS = MethodHandles.lookup().findVarHandle(Discards.class, "drops", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final MemoryChannel<T> channel;
    private final @Nullable Consumer<Object> hook;

    /** Why {@link #drop} must look again; 0 while nobody is in there. */
    @SuppressWarnings("unused") // through DROPS
    private volatile int drops;

    Discards(MemoryChannel<T> channel, @Nullable Consumer<Object> hook) {
        this.channel = channel;
        this.hook = hook;
    }

    /**
     * Lets go what no group wants. Whoever waited for its room is told, and may send more: so it is a loop of one thread,
     * and those who come meanwhile or from within only make it look again.
     */
    void drop() {
        int reasons = (int) DROPS.getAndAdd(this, 1) + 1;
        if (reasons != 1) {
            return;
        }
        Thrown thrown = null;
        do {
            SendQueue<T> told = channel.admitWaiting();
            try {
                flush();
                if (told != null) {
                    channel.tellAll(told);
                }
            } catch (Throwable e) {
                thrown = Thrown.by(e, thrown);
            }
            reasons = (int) DROPS.getAndAdd(this, -reasons) - reasons;
        } while (reasons != 0);
        Thrown.rethrow(thrown);
    }

    /** Passes on what the channel has noted. */
    void flush() {
        List<T> unwanted = channel.takeUnwanted();
        if (unwanted != null) {
            Thrown.rethrow(pass(unwanted, null));
        }
    }

    /** Passes elements to the discard hook; one that throws does not keep the others from it. */
    @Nullable Thrown pass(List<T> unwanted, @Nullable Thrown before) {
        Thrown thrown = before;
        if (hook != null) {
            for (T element : unwanted) {
                try {
                    hook.accept(element);
                } catch (Throwable e) {
                    thrown = Thrown.by(e, thrown);
                }
            }
        }
        return thrown;
    }
}
