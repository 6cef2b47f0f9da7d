package dev.sluice.switching;

import dev.sluice.channel.spi.Backoff;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import reactor.core.Exceptions;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * The lock under which is decided who is aimed where: one for all sinks, because any of them may come to follow any other,
 * and because switches are rare and short. No element passes through it.
 *
 * <p><b>Lock order.</b> This lock, then gates, then what gates lock. User code runs under none of them: whoever changes
 * something under the lock collects what is to be told, and it is told afterwards, in that order.
 */
final class Switchboard {
    private static final AtomicBoolean LOCKED = new AtomicBoolean();

    private Switchboard() {}

    /** Takes a step under the lock, then runs what it has put off. */
    static void change(Consumer<List<Runnable>> step) {
        decide(after -> {
            step.accept(after);
            return Boolean.TRUE;
        });
    }

    /** Takes a step under the lock, then runs what it has put off. */
    static <R> R decide(Function<List<Runnable>, R> step) {
        R result;
        List<Runnable> after = new ArrayList<>();
        int turns = 0;
        while (!LOCKED.compareAndSet(false, true)) {
            turns = Backoff.pause(turns);
        }
        try {
            result = step.apply(after);
        } finally {
            LOCKED.set(false);
        }
        after.forEach(Switchboard::tell);
        return result;
    }

    /** A subscriber that throws does not keep the others from being told. */
    private static void tell(Runnable telling) {
        try {
            telling.run();
        } catch (Throwable thrown) {
            Exceptions.throwIfJvmFatal(thrown);
            Operators.onErrorDropped(thrown, Context.empty());
        }
    }
}
