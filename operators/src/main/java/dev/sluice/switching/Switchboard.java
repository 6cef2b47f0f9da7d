package dev.sluice.switching;

import dev.sluice.channel.spi.Backoff;
import dev.sluice.channel.spi.Thrown;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The lock under which is decided who is aimed where: one for all sinks, because any of them may come to follow any other,
 * and because switches are rare and short. No element passes through it.
 *
 * <p><b>Lock order.</b> This lock, then gates, then what gates lock. User code runs under none of them: whoever changes
 * something under the lock collects what is to be told, and it is told afterwards, in that order, whatever of it throws.
 *
 * <p><b>Flat stack.</b> Who is told may change something in turn. What follows for itself it is told at once, for it may
 * wait for that; but an {@link InTurn}, for somebody who has queued, is left to the outermost call on this thread.
 */
final class Switchboard {
    private static final AtomicBoolean LOCKED = new AtomicBoolean();

    /** What the outermost call on this thread has yet to tell; nothing outside of such a call. */
    private static final ThreadLocal<@Nullable ArrayDeque<Runnable>> LATER = new ThreadLocal<>();

    /** What is to be done before the lock is given back; guarded by it. */
    private static final ArrayDeque<Consumer<List<Runnable>>> NEXT = new ArrayDeque<>();

    private Switchboard() {}

    /**
     * Tells somebody whose turn in a queue has come, and who may end that turn from within. Told one by one: the next only
     * when the one before has returned.
     */
    record InTurn(Runnable telling) implements Runnable {
        @Override
        public void run() {
            telling.run();
        }
    }

    /** A step that is itself told: whatever it puts off is told by who tells it. */
    interface Step extends Runnable {
        /** Under the lock. */
        void take(List<Runnable> after);

        @Override
        default void run() {
            change(this::take);
        }
    }

    /** Under the lock: has a step taken when the present one is over, before the lock is given back. */
    static void then(Consumer<List<Runnable>> step) {
        NEXT.add(step);
    }

    /** Takes a step under the lock, then runs what it has put off. */
    static void change(Consumer<List<Runnable>> step) {
        decide(after -> {
            step.accept(after);
            return Boolean.TRUE;
        });
    }

    /** Takes a step under the lock, then runs what it has put off, also when it has thrown. */
    static <R> R decide(Function<List<Runnable>, R> step) {
        List<Runnable> after = new ArrayList<>();
        try {
            return locked(step, after);
        } finally {
            tell(after);
        }
    }

    private static <R> R locked(Function<List<Runnable>, R> step, List<Runnable> after) {
        int turns = 0;
        while (!LOCKED.compareAndSet(false, true)) {
            turns = Backoff.pause(turns);
        }
        List<Throwable> thrown = new ArrayList<>(0);
        try {
            return step.apply(after);
        } finally {
            for (Consumer<List<Runnable>> next = NEXT.poll(); next != null; next = NEXT.poll()) {
                try {
                    next.accept(after);
                } catch (Throwable e) {
                    thrown.add(e);
                }
            }
            LOCKED.set(false);
            dropAll(thrown);
        }
    }

    /** Without the lock: dropping an error runs the user's hook. */
    private static void dropAll(List<Throwable> errors) {
        Thrown thrown = null;
        for (Throwable error : errors) {
            thrown = Thrown.by(error, thrown);
        }
        Thrown.rethrow(thrown);
    }

    private static void tell(List<Runnable> after) {
        if (after.isEmpty()) {
            return;
        }
        ArrayDeque<Runnable> outermost = LATER.get();
        ArrayDeque<Runnable> later = outermost == null ? new ArrayDeque<>() : outermost;
        Thrown thrown = null;
        if (outermost == null) {
            LATER.set(later);
        }
        try {
            // By index, for a step adds to it.
            for (int i = 0; i < after.size(); i++) {
                Runnable telling = after.get(i);
                if (telling instanceof InTurn) {
                    later.add(telling);
                } else if (telling instanceof Step step) {
                    thrown = take(step, after, thrown);
                } else {
                    thrown = tell(telling, thrown);
                }
            }
            if (outermost == null) {
                for (Runnable next = later.poll(); next != null; next = later.poll()) {
                    thrown = tell(next, thrown);
                }
            }
        } finally {
            if (outermost == null) {
                LATER.remove();
            }
        }
        Thrown.rethrow(thrown);
    }

    private static @Nullable Thrown take(Step step, List<Runnable> after, @Nullable Thrown before) {
        return tell(
                () -> locked(
                        more -> {
                            step.take(more);
                            return Boolean.TRUE;
                        },
                        after),
                before);
    }

    /** One that throws does not keep the others from being told. */
    private static @Nullable Thrown tell(Runnable telling, @Nullable Thrown before) {
        try {
            telling.run();
            return before;
        } catch (Throwable e) {
            return Thrown.by(e, before);
        }
    }
}
