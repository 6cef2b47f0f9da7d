package dev.sluice.channel.spi;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link SenderGate} has handed on and not heard of, route by route, and what it is to hand on next. Guarded by the
 * gate's lock.
 *
 * @param <T> the element
 */
final class Outbox<T> {
    /** The most sends that are handed on and not confirmed. */
    static final int WINDOW = 128;

    private final SenderGate<T> gate;
    private final SendQueue<T> waiting;
    private final Map<@Nullable Route<T>, Account<T>> accounts = new HashMap<>();
    private final ArrayDeque<Submission<T>> unsent = new ArrayDeque<>();
    private int open;

    Outbox(SenderGate<T> gate) {
        this.gate = gate;
        this.waiting = gate.line.waiting;
    }

    /** What is open for one route. */
    static final class Account<T> {
        final ArrayDeque<Submission<T>> submissions = new ArrayDeque<>();
        int calls;
        boolean paused;
        boolean recalled;

        @Nullable Runnable whenQuiet;

        boolean isQuiet() {
            return calls == 0 && submissions.stream().noneMatch(Submission::isOpen);
        }

        boolean isIdle() {
            return calls == 0 && !paused && submissions.isEmpty();
        }
    }

    /** How many more sends may be handed on, when those that wait have been. */
    int room() {
        return WINDOW - open - waiting.size();
    }

    /** Whether sends wait to be handed on that must not be overtaken. */
    boolean hasUnsent() {
        return !unsent.isEmpty();
    }

    /** The account of a route, if anything is open for it. */
    @Nullable Account<T> find(@Nullable Route<T> route) {
        return accounts.get(route);
    }

    /** A route with nothing open needs no account. */
    void tidy(@Nullable Route<T> route) {
        Account<T> account = accounts.get(route);
        if (account != null && account.isIdle()) {
            accounts.remove(route);
        }
    }

    /** A submission that was not sent yet is not going to be. */
    void unsend(Submission<T> submission) {
        unsent.remove(submission);
    }

    /** What is open for a route. */
    Account<T> account(@Nullable Route<T> route) {
        return accounts.computeIfAbsent(route, any -> new Account<>());
    }

    boolean isPaused(@Nullable Route<T> route) {
        Account<T> account = accounts.get(route);
        return account != null && account.paused;
    }

    /** The next send to hand on; {@code told} gets a sender that waited for room to ask for one. */
    @Nullable Submission<T> next(SendQueue<T> told) {
        Submission<T> submission = unsent.poll();
        if (submission != null) {
            submission.state = Submission.State.SENT;
            return submission;
        }
        SendNode<T> node = waiting.first();
        while (node != null && open < WINDOW) {
            SendNode<T> following = node.next;
            if (!isPaused(node.route)) {
                if (node.element != null) {
                    submission = submit(node);
                    submission.state = Submission.State.SENT;
                    return submission;
                }
                waiting.release(node, told);
                gate.line.gone(node, told);
                return null;
            }
            node = following;
        }
        return null;
    }

    private Submission<T> submit(SendNode<T> node) {
        waiting.take(node);
        Submission<T> submission = new Submission<>(gate, node);
        node.submission = submission;
        account(node.route).submissions.add(submission);
        open++;
        return submission;
    }

    /** a submission is closed for good, and its node free. */
    void close(Submission<T> submission) {
        submission.node.submission = null;
        submission.node.gate = null;
        if (account(submission.node.route).submissions.remove(submission)) {
            open--;
        }
    }

    /** A submission that is closed counts no more. */
    void forget(Submission<T> submission) {
        if (submission.orphan) {
            if (account(submission.node.route).submissions.remove(submission)) {
                open--;
            }
        } else {
            close(submission);
        }
    }

    /** when nothing is open any more, what was withdrawn waits again, and who waits for that is told. */
    void review(@Nullable Route<T> route, Collection<Runnable> after) {
        Account<T> account = account(route);
        if (account.paused && account.isQuiet()) {
            Iterator<Submission<T>> newestFirst = account.submissions.descendingIterator();
            while (newestFirst.hasNext()) {
                SendNode<T> node = newestFirst.next().node;
                node.submission = null;
                waiting.push(node);
                open--;
            }
            account.submissions.clear();
            Runnable told = account.whenQuiet;
            account.whenQuiet = null;
            account.recalled = false;
            if (told != null) {
                after.add(told);
            }
        }
        if (account.isIdle()) {
            accounts.remove(route);
        }
    }

    /** Submits all sends of a route that wait. */
    void submitAll(Route<T> route) {
        SendNode<T> node = waiting.first();
        while (node != null) {
            SendNode<T> following = node.next;
            if (node.route == route && node.element != null) {
                unsent.add(submit(node));
            }
            node = following;
        }
    }

    /** What was not sent yet waits again; returns what was, newest first. */
    List<Submission<T>> takeBackUnsent(Account<T> account) {
        List<Submission<T>> sent = new ArrayList<>();
        Iterator<Submission<T>> newestFirst = account.submissions.descendingIterator();
        while (newestFirst.hasNext()) {
            Submission<T> submission = newestFirst.next();
            if (unsent.remove(submission)) {
                submission.state = Submission.State.WITHDRAWN;
            } else {
                sent.add(submission);
            }
        }
        return sent;
    }
}
