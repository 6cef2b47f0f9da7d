package dev.sluice.channel.memory;

import dev.sluice.SlowReceiverException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The elements a group loses: they had to give way on its shelf, or the group was removed before anybody got them. All
 * count as dropped; those that nobody else is going to get are kept here until they are discarded, which is user code and
 * has to wait until the lock is let go. Guarded by the group's lock.
 *
 * @param <T> the element
 */
final class Losses<T> {
    private final Group<T> group;
    private final Members<T> members;
    private final Tally tally;

    private boolean wasLast;
    private @Nullable List<T> discards;

    Losses(Group<T> group, Members<T> members, Tally tally) {
        this.group = group;
        this.members = members;
        this.tally = tally;
    }

    /** Moves what nobody takes now to the shelf, where others may have to give way; false when there is nothing. */
    boolean shelve(Backlog<T> backlog, boolean clears) {
        boolean moved = false;
        while (backlog.shelveNext(clears, this::gaveWay)) {
            moved = true;
        }
        return moved;
    }

    /** A listener takes nothing away, so it has nothing to discard. */
    private void gaveWay(Shelf<T> shelf, T value) {
        tally.dropped();
        if (!group.isListener()) {
            discardLater(value);
        }
        if (shelf.failsWhenFull()) {
            members.failAll(() -> new SlowReceiverException(group.describe() + " is too slow: its buffer of "
                    + shelf.capacity() + " elements is full. Give it a larger buffer, or another overflow policy"));
        }
    }

    /** The group is removed with its backlog. What the last one leaves behind nobody else is going to get. */
    void leaveBehind(Backlog<T> backlog, boolean last) {
        wasLast = last;
        backlog.drain(this::leftBehind);
    }

    /** The group was removed and leaves an element behind. */
    void leftBehind(T value) {
        tally.dropped();
        if (wasLast) {
            discardLater(value);
        }
    }

    private void discardLater(T value) {
        if (discards == null) {
            discards = new ArrayList<>();
        }
        discards.add(value);
    }

    /** What is to be discarded, for who lets the lock go. */
    @Nullable List<T> takeDiscards() {
        List<T> taken = discards;
        discards = null;
        return taken;
    }
}
