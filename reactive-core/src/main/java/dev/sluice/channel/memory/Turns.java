package dev.sluice.channel.memory;

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
            group.loop();
            turns.runDeferred();
        } finally {
            turns.depth--;
        }
    }

    private void defer(Group<?> group) {
        if (later == null) {
            later = new ArrayDeque<>();
        }
        later.add(group);
    }

    private void runDeferred() {
        if (later != null && depth == DEEPEST) {
            for (Group<?> group = later.poll(); group != null; group = later.poll()) {
                group.loop();
            }
        }
    }
}
