package dev.sluice.channel.spi;

import java.util.Collection;
import org.jspecify.annotations.Nullable;
import reactor.core.Exceptions;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * What user code threw out of a signal while others still had to be told. Rule 2.13 forbids it to throw, so nobody is
 * waiting for what it threw: it is {@linkplain Operators#onErrorDropped dropped}. Only what ends the VM, and what the
 * hook for dropped errors throws itself, goes on to the caller, once everybody has been told.
 */
public final class Thrown {
    private final Throwable first;

    private Thrown(Throwable first) {
        this.first = first;
    }

    /** As {@link #by(Throwable, Context, Thrown)}, for who has no context. */
    public static @Nullable Thrown by(Throwable thrown, @Nullable Thrown before) {
        return by(thrown, Context.empty(), before);
    }

    /**
     * Drops an error.
     *
     * @param thrown what was thrown
     * @param context whose hooks count
     * @param before what is to be rethrown already
     * @return what is to be rethrown in the end, if anything
     */
    public static @Nullable Thrown by(Throwable thrown, Context context, @Nullable Thrown before) {
        Throwable rest = thrown;
        if (!(thrown instanceof VirtualMachineError || thrown instanceof LinkageError)) {
            try {
                Operators.onErrorDropped(thrown, context);
                return before;
            } catch (Throwable hook) {
                rest = hook;
            }
        }
        return before == null ? new Thrown(rest) : before;
    }

    /** Runs all of these, also after one that throws. */
    public static void runAll(Collection<? extends Runnable> actions) {
        rethrow(runAll(actions, null));
    }

    /** As {@link #runAll(Collection)}, when more is to be done afterwards; returns as {@link #by(Throwable, Thrown)}. */
    public static @Nullable Thrown runAll(Collection<? extends Runnable> actions, @Nullable Thrown before) {
        Thrown thrown = before;
        for (Runnable action : actions) {
            try {
                action.run();
            } catch (Throwable e) {
                thrown = by(e, thrown);
            }
        }
        return thrown;
    }

    /** Throws what is to be rethrown, if anything. */
    public static void rethrow(@Nullable Thrown thrown) {
        if (thrown == null) {
            return;
        }
        if (thrown.first instanceof Error error) {
            throw error;
        }
        throw Exceptions.propagate(thrown.first);
    }
}
