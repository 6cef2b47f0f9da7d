package dev.sluice.channel.memory;

import dev.sluice.channel.spi.Thrown;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the stack flat however long a chain of channels is: a group that is to run on a thread which is inside {@value
 * #DEEPEST} others already is run when the innermost of those is done.
 */
final class Turns {
    private static final int DEEPEST = 12;
    private static final ThreadLocal<Turns> CURRENT = ThreadLocal.withInitial(Turns::new);

    private int depth;
    private @Nullable ArrayDeque<Group<?>> later;

    private Turns() {}

    /** Runs a group now or, if this thread is in too deep, soon. */
    static void run(Group<?> group) {
        Turns turns = CURRENT.get();
        if (turns.depth >= DEEPEST) {
            turns.defer(group);
            return;
        }
        turns.depth++;
        try {
            Thrown.rethrow(turns.runDeferred(loop(group, null)));
        } finally {
            turns.depth--;
        }
    }

    private static @Nullable Thrown loop(Group<?> group, @Nullable Thrown before) {
        try {
            group.loop();
            return before;
        } catch (Throwable e) {
            return Thrown.by(e, before);
        }
    }

    private void defer(Group<?> group) {
        if (later == null) {
            later = new ArrayDeque<>();
        }
        if (later.peekLast() != group) {
            later.add(group);
        }
    }

    private @Nullable Thrown runDeferred(@Nullable Thrown before) {
        Thrown thrown = before;
        if (later != null && depth == DEEPEST) {
            for (Group<?> group = later.poll(); group != null; group = later.poll()) {
                thrown = loop(group, thrown);
            }
        }
        return thrown;
    }
}
