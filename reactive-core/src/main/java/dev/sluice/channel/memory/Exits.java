package dev.sluice.channel.memory;

import dev.sluice.channel.spi.Thrown;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The ways a member leaves its group: it cancels, it breaks the rules, or it is told the end. A member that leaves may
 * take room away, because it wants nothing any more and gives back what it holds; that takes the channel's lock, so nobody
 * who comes here holds the group's.
 *
 * @param <T> the element
 */
final class Exits<T> {
    private final Group<T> group;
    private final Members<T> members;
    private final Tally tally;

    /** Who is to be told that a member which had left is through with what it passed on. Guarded by the group's lock. */
    private @Nullable List<Runnable> quiet;

    Exits(Group<T> group, Members<T> members, Tally tally) {
        this.group = group;
        this.members = members;
        this.tally = tally;
    }

    /** The member has its subscription, so it may be told the end from now on. */
    void open(Receiver<T> receiver) {
        group.lock();
        members.start(receiver);
        group.unlock();
        group.run();
    }

    /** A member cancelled. */
    void leave(Receiver<T> receiver) {
        group.lock();
        boolean lowers = group.isListener() || receiver.counted > 0 || receiver.holds();
        if (!lowers) {
            unlink(receiver);
        }
        group.unlock();
        if (lowers) {
            group.exclude(() -> unlink(receiver));
        }
        group.run();
    }

    /** Runs something when a member that has left is through with what it passes on. */
    void whenQuiet(Receiver<T> receiver, Runnable told) {
        group.lock();
        boolean busy = receiver.busy;
        if (busy) {
            receiver.whenQuiet = told;
        }
        group.unlock();
        if (!busy) {
            told.run();
        }
    }

    /** Under the lock: a member has passed its batch on. */
    void settled(Receiver<T> receiver) {
        Runnable told = receiver.whenQuiet;
        if (told != null) {
            quiet = quiet == null ? new ArrayList<>(1) : quiet;
            quiet.add(told);
            receiver.whenQuiet = null;
        }
    }

    /** Under the lock: who is to be told now. */
    @Nullable List<Runnable> takeQuiet() {
        List<Runnable> told = quiet;
        quiet = null;
        return told;
    }

    /** A member broke the rules: it fails, the others do not notice. */
    void fail(Receiver<T> receiver, Throwable cause) {
        group.lock();
        members.fail(receiver, cause);
        group.unlock();
        group.run();
    }

    /** Takes out those who must be told the end, and tells them; returns as {@link Receiver#end}. */
    @Nullable Thrown end(List<Receiver<T>> ended, @Nullable Thrown before) {
        Thrown thrown = before;
        for (Receiver<T> receiver : ended) {
            Throwable cause = receiver.failure != null ? receiver.failure : group.endCause();
            try {
                group.exclude(() -> unlink(receiver));
            } catch (Throwable e) {
                thrown = Thrown.by(e, thrown);
            }
            thrown = receiver.end(cause, thrown);
        }
        return thrown;
    }

    /** Under the lock: takes a member out; what it was given and has not passed on comes back. */
    private void unlink(Receiver<T> receiver) {
        if (!receiver.left) {
            members.unlink(receiver);
            tally.reclaimed(receiver.reclaim(group));
        }
    }
}
