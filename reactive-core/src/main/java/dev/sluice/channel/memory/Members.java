package dev.sluice.channel.memory;

import dev.sluice.channel.Channel;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The receivers of a group: who is there, who is next, how much they want together, and who must be told the end. The
 * states they go through are told at {@link Receiver}. Guarded by the group's lock.
 *
 * @param <T> the element
 */
final class Members<T> {
    /**
     * A burst is shared out in runs that grow with it, so that receivers on other threads are not woken for every
     * element: no receiver gets more than this part of the burst ahead of the others.
     */
    private static final int RUN_SHARE = 8;

    private static final int LONGEST_RUN = 32;

    /** Runs do not grow with what is beyond this. */
    static final int LONGEST_BURST = LONGEST_RUN * RUN_SHARE * 4;

    private final List<Receiver<T>> all = new ArrayList<>(2);
    private final ReadyList<T> ready = new ReadyList<>();
    private @Nullable List<Receiver<T>> ending;
    private long wanted;

    int size() {
        return all.size();
    }

    /** The lowest offset that one of them has and may still give back; the largest number when there is none. */
    long lowest() {
        long lowest = Long.MAX_VALUE;
        for (Receiver<T> receiver : all) {
            lowest = Math.min(lowest, receiver.lowest());
        }
        return lowest;
    }

    /** How many are ready. */
    int readySize() {
        return ready.size();
    }

    /** How much all want together, each at most what is handed over ahead. */
    long wanted() {
        return wanted;
    }

    void join(Group<T> group, Receiver<T> receiver) {
        receiver.join(group, all.size());
        all.add(receiver);
    }

    /** The member has its subscription, so it may be told the end from now on. */
    void start(Receiver<T> receiver) {
        receiver.started = true;
        if (receiver.failure != null && !receiver.busy && !receiver.left) {
            endLater(receiver);
        }
    }

    /** Takes a member out; what it was given it still has. */
    void unlink(Receiver<T> receiver) {
        receiver.left = true;
        Receiver<T> last = all.remove(all.size() - 1);
        if (last != receiver) {
            all.set(receiver.index, last);
            last.index = receiver.index;
        }
        ready.remove(receiver);
        wanted -= receiver.counted;
        receiver.counted = 0;
    }

    /** Who is to be served next, round robin; {@code null} if nobody is ready. */
    @Nullable Receiver<T> firstReady() {
        Receiver<T> first = ready.first();
        while (first != null && first.isCancelled()) {
            ready.remove(first);
            first = ready.first();
        }
        return first;
    }

    /** A ready member was given a batch, and is going to pass it on. */
    void busy(Receiver<T> receiver) {
        ready.remove(receiver);
        receiver.busy = true;
        receiver.seal();
        count(receiver);
    }

    /**
     * A member has passed its batch on and has not left: it goes on if its run through the burst is not over, or queues.
     *
     * @return false when it failed meanwhile, so that it must be told
     */
    boolean again(Receiver<T> receiver, int burst) {
        if (receiver.failure != null) {
            endLater(receiver);
            return false;
        }
        count(receiver);
        if (receiver.available() > 0) {
            if (receiver.turn < burst / (RUN_SHARE * all.size())) {
                ready.addFirst(receiver);
            } else {
                receiver.turn = 0;
                ready.add(receiver);
            }
        }
        return true;
    }

    /** A member may be given more than before. */
    void wantsMore(Receiver<T> receiver) {
        count(receiver);
        if (!receiver.busy && receiver.failure == null && receiver.available() > 0) {
            ready.add(receiver);
        }
    }

    /** Brings what a member wants up to date. */
    void count(Receiver<T> receiver) {
        int wants = (int) Math.max(0, Math.min(receiver.available(), Channel.HANDOVER));
        wanted += wants - receiver.counted;
        receiver.counted = wants;
    }

    /** A member fails, unless it has left or failed: it is told when it is not busy. */
    void fail(Receiver<T> receiver, Throwable cause) {
        if (receiver.left || receiver.failure != null) {
            return;
        }
        receiver.failure = cause;
        if (!receiver.busy) {
            ready.remove(receiver);
            endLater(receiver);
        }
    }

    /** All fail who have not failed; the cause is made for the first of them. */
    void failAll(Supplier<? extends Throwable> cause) {
        Throwable made = null;
        for (Receiver<T> member : all) {
            if (member.failure == null) {
                made = made == null ? cause.get() : made;
                fail(member, made);
            }
        }
    }

    /** All have reached the end: those who are not busy must be told. */
    void endAll() {
        for (Receiver<T> member : all) {
            if (!member.busy) {
                endLater(member);
            }
        }
    }

    /** A member must be told the end, once, and not before it has its subscription. */
    private void endLater(Receiver<T> receiver) {
        if (receiver.ending || !receiver.started) {
            return;
        }
        receiver.ending = true;
        if (ending == null) {
            ending = new ArrayList<>(1);
        }
        ending.add(receiver);
    }

    /** Those who must be told the end, for who lets the lock go. */
    @Nullable List<Receiver<T>> takeEnding() {
        List<Receiver<T>> taken = ending;
        ending = null;
        return taken;
    }
}
