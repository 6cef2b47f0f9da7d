package dev.sluice.rsocket.channel;

import dev.sluice.rsocket.Request;
import dev.sluice.rsocket.session.Failures;
import dev.sluice.rsocket.wire.Code;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a server knows of one line of a publisher's operations: those that run, and the outcomes it may not know. An operation that is asked for again finds its
 * outcome here and is not done again.
 *
 * <p>Bounded: a publisher that begins ever more, or never says that it knows outcomes, is refused. Guarded by itself; operations begin, and end,
 * outside of the lock.
 */
final class PublisherState {

    /** Operations that are kept at most. */
    static final int MOST_OPERATIONS = 65_536;

    private final TreeMap<Long, Attempt> attempts = new TreeMap<>();
    private final Budget budget;
    private long lowest;

    /**
     * One that has done nothing.
     *
     * @param budget limits what is held for this publisher
     */
    PublisherState(Budget budget) {
        this.budget = budget;
    }

    /**
     * The attempt of an operation: the one there is, or a new one.
     *
     * @param request what is asked; not held
     * @param work what to do, when it has not been done
     * @param bytes what the work holds until it is done
     */
    Attempt attempt(Numbering numbering, Request request, Work work, long bytes) {
        Attempt known;
        Attempt attempt = new Attempt(this, work, bytes);
        List<Attempt> forgotten;
        synchronized (this) {
            forgotten = forget(numbering);
        }
        // Before anything can be refused: what is no longer counted must not wait on.
        forgotten.forEach(Attempt::withdraw);
        synchronized (this) {
            known = attempts.get(numbering.number());
            if (known == null) {
                admit(numbering.number(), attempt);
            }
        }
        if (known != null) {
            known.resume(request);
            return known;
        }
        attempt.begin(work);
        return attempt;
    }

    private void admit(long number, Attempt attempt) {
        if (number < lowest) {
            throw Failures.of(Code.FORGOTTEN, "operation " + number + " was settled before");
        }
        if (attempts.size() >= MOST_OPERATIONS) {
            throw Failures.of(
                    Code.LIMIT,
                    "more than " + MOST_OPERATIONS
                            + " operations of one client wait, or are not known to be settled: wait for outcomes");
        }
        if (!budget.take(attempt.weight())) {
            throw Failures.of(
                    Code.LIMIT,
                    "more than " + budget.most()
                            + " bytes of one client wait to be accepted, or four times that of all clients: use sendAll, which"
                            + " asks for no more than there is room for, or raise waitingBytes there");
        }
        attempts.put(number, attempt);
    }

    /** Limits what is held for this publisher, here and where its elements wait. */
    Budget budget() {
        return budget;
    }

    /** The attempt of a number, or null when there is none. */
    synchronized @Nullable Attempt find(long number) {
        return attempts.get(number);
    }

    /** Whether nobody could come back for an outcome. */
    synchronized boolean isEmpty() {
        return attempts.isEmpty();
    }

    /** An attempt holds less, or more, than it did. */
    synchronized void weighs(Attempt attempt, long difference) {
        if (!attempt.isForgotten()) {
            budget.give(-difference);
        }
    }

    /** What the publisher need not be told any more. */
    private List<Attempt> forget(Numbering numbering) {
        List<Attempt> forgotten = new ArrayList<>();
        if (numbering.lowest() > lowest) {
            lowest = numbering.lowest();
            forget(attempts.headMap(lowest), forgotten);
        }
        for (Numbering.Range range : numbering.settled()) {
            if (range.first() <= range.last()) {
                forget(attempts.subMap(range.first(), true, range.last(), true), forgotten);
            }
        }
        return forgotten;
    }

    private void forget(SortedMap<Long, Attempt> some, List<Attempt> forgotten) {
        for (Attempt attempt : some.values()) {
            budget.give(attempt.weight());
            attempt.forget();
            forgotten.add(attempt);
        }
        some.clear();
    }

    /** The publisher is gone for good: takes back what waits. */
    void leave() {
        List<Attempt> open = new ArrayList<>();
        synchronized (this) {
            forget(attempts, open);
        }
        open.forEach(Attempt::withdraw);
    }
}
