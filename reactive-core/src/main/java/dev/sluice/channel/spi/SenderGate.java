package dev.sluice.channel.spi;

import dev.sluice.ChannelClosedException;
import dev.sluice.channel.Channel;
import dev.sluice.channel.Sender;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A gate before a sender that is none: one that is elsewhere, or a view. Sends wait here as at any gate, and are handed on
 * one by one, in order; a send is done when that sender confirms it.
 *
 * <p>Such a sender shares no lock with others, so a route cannot leave it in one step. It is {@linkplain #pause paused}
 * first: nothing more is handed on, and what was is withdrawn, newest first, or awaited. What the sender has discarded
 * upon a cancel is provably withdrawn and waits here again at its old place; what it says nothing about is awaited. When
 * nothing is open any more the gate can be {@linkplain Gate#move left}. So every element is confirmed by this sender or
 * moves on, and never both.
 *
 * <p><b>Invariants.</b> All fields are guarded by the lock, under which the sender is never called. A node in {@code
 * waiting} has no submission; any other node queued here has one, which its {@link Account} lists in order.
 *
 * @param <T> the element
 */
public final class SenderGate<T> extends Gate<T> {
    /** The most sends that are handed on and not confirmed. */
    static final int WINDOW = 128;

    private final Sender<T> sender;
    private final String name;
    private final Map<@Nullable Route<T>, Account<T>> accounts = new HashMap<>();
    private final ArrayDeque<Submission<T>> unsent = new ArrayDeque<>();
    private final AtomicInteger pumping = new AtomicInteger();
    private int open;
    private boolean starting;

    /**
     * A gate.
     *
     * @param sender what is behind it
     * @param name how to call it
     */
    public SenderGate(Sender<T> sender, String name) {
        this.sender = sender;
        this.name = name;
    }

    /** What is open for one route. */
    private static final class Account<T> {
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

    private Account<T> account(@Nullable Route<T> route) {
        return accounts.computeIfAbsent(route, any -> new Account<>());
    }

    private boolean isPaused(@Nullable Route<T> route) {
        Account<T> account = accounts.get(route);
        return account != null && account.paused;
    }

    /** Nothing is committed without asking the sender, which is not done in here. */
    @Override
    public Outcome offer(T element, @Nullable Route<T> route, boolean inTurn) {
        if (route != null && route.gate() != this) {
            return Outcome.MOVED;
        }
        return isClosed() ? Outcome.CLOSED : Outcome.FULL;
    }

    @Override
    Outcome offerBeyond(T element, @Nullable Route<T> route) {
        lock();
        try {
            if (route != null && route.gate() != this) {
                return Outcome.MOVED;
            }
            if (isForeign(route) || isPaused(route) || !waiting.isEmpty() || !unsent.isEmpty() || starting) {
                return Outcome.FULL;
            }
            account(route).calls++;
        } finally {
            unlock();
        }
        try {
            return switch (sender.trySend(element)) {
                case ACCEPTED -> Outcome.ACCEPTED;
                case FULL -> Outcome.FULL;
                case CLOSED -> Outcome.CLOSED;
            };
        } finally {
            List<Runnable> after = new ArrayList<>(1);
            lock();
            account(route).calls--;
            review(route, after);
            unlock();
            after.forEach(Runnable::run);
        }
    }

    @Override
    void parked() {
        pump();
    }

    @Override
    protected void committed(int burst) {
        pump();
    }

    /** Hands on what waits, as far as it may. One thread at a time, so that the sender sees the order of this gate. */
    private void pump() {
        if (pumping.getAndIncrement() != 0) {
            return;
        }
        int missed = 1;
        do {
            SendQueue<T> told = new SendQueue<>();
            Submission<T> next;
            do {
                lock();
                try {
                    starting = false;
                    next = next(told);
                    starting = next != null;
                } finally {
                    unlock();
                }
                Thrown.rethrow(told.accept(null));
                if (next != null) {
                    next.start(sender);
                }
            } while (next != null);
            missed = pumping.addAndGet(-missed);
        } while (missed != 0);
    }

    private @Nullable Submission<T> next(SendQueue<T> told) {
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
                gone(node, told);
                return null;
            }
            node = following;
        }
        return null;
    }

    private Submission<T> submit(SendNode<T> node) {
        waiting.take(node);
        Submission<T> submission = new Submission<>(this, node);
        node.submission = submission;
        account(node.route).submissions.add(submission);
        open++;
        return submission;
    }

    /** Under the lock: a submission is closed for good, and its node free. */
    private void close(Submission<T> submission) {
        submission.node.submission = null;
        submission.node.gate = null;
        if (account(submission.node.route).submissions.remove(submission)) {
            open--;
        }
    }

    /** The sender has confirmed or refused. */
    void finished(Submission<T> submission, @Nullable Throwable failure) {
        List<Runnable> after = new ArrayList<>(1);
        boolean orphan;
        lock();
        try {
            if (submission.state != Submission.State.SENT) {
                return;
            }
            submission.state = Submission.State.CLOSED;
            orphan = submission.orphan;
            forget(submission);
            review(submission.node.route, after);
        } finally {
            unlock();
        }
        if (!orphan && failure == null) {
            submission.node.accepted();
        } else if (!orphan && failure != null) {
            submission.node.refused(failure);
        }
        after.forEach(Runnable::run);
        pump();
    }

    private void forget(Submission<T> submission) {
        if (submission.orphan) {
            if (account(submission.node.route).submissions.remove(submission)) {
                open--;
            }
        } else {
            close(submission);
        }
    }

    /** The sender has discarded what was recalled: it is provably not delivered. */
    void withdrawn(Submission<T> submission) {
        List<Runnable> after = new ArrayList<>(1);
        boolean orphan;
        lock();
        try {
            if (submission.state != Submission.State.SENT) {
                return;
            }
            submission.state = Submission.State.WITHDRAWN;
            orphan = submission.orphan;
            if (orphan) {
                forget(submission);
            }
            review(submission.node.route, after);
        } finally {
            unlock();
        }
        if (orphan) {
            submission.discard();
        }
        after.forEach(Runnable::run);
        pump();
    }

    /** Under the lock: when nothing is open any more, what was withdrawn waits again, and who waits for that is told. */
    private void review(@Nullable Route<T> route, Collection<Runnable> after) {
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

    /**
     * Hands on no more sends of a route: they wait here until it is {@linkplain #resume resumed} or moved.
     *
     * @param settle whether the sends that wait now are let finish, or those already handed on are withdrawn
     * @param whenQuiet run once, outside all locks, when nothing of the route is open: it may be moved then
     * @param after gets what is to be run once no lock is held
     */
    public void pause(Route<T> route, boolean settle, Runnable whenQuiet, Collection<Runnable> after) {
        lock();
        try {
            Account<T> account = account(route);
            account.paused = true;
            account.whenQuiet = whenQuiet;
            if (settle) {
                submitAll(route);
                after.add(this::pump);
            } else {
                account.recalled = true;
                List<Submission<T>> sent = takeBackUnsent(account);
                after.add(() -> sent.forEach(Submission::recall));
            }
            review(route, after);
        } finally {
            unlock();
        }
    }

    private void submitAll(Route<T> route) {
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
    private List<Submission<T>> takeBackUnsent(Account<T> account) {
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

    /** Hands on the sends of a route again, if it still leads here. */
    public void resume(Route<T> route, Collection<Runnable> after) {
        lock();
        try {
            Account<T> account = accounts.get(route);
            if (account == null || !account.paused) {
                return;
            }
            if (account.recalled && !account.isQuiet()) {
                // What is sent now must not overtake what may come back.
                account.whenQuiet = () -> {
                    List<Runnable> later = new ArrayList<>(1);
                    resume(route, later);
                    later.forEach(Runnable::run);
                };
                return;
            }
            account.whenQuiet = null;
            review(route, after);
            account.paused = false;
            account.recalled = false;
            if (account.isIdle()) {
                accounts.remove(route);
            }
        } finally {
            unlock();
        }
        after.add(this::pump);
    }

    /** A send that was handed on is recalled first; whether it is withdrawn, the sender says. */
    @Override
    boolean withdraw(SendNode<T> node) {
        Submission<T> submission;
        lock();
        try {
            submission = node.gate == this ? node.submission : null;
            if (submission == null) {
                return withdrawLocked(node, new SendQueue<>());
            }
            if (submission.state != Submission.State.SENT) {
                unsent.remove(submission);
                submission.state = Submission.State.CLOSED;
                close(submission);
                return true;
            }
        } finally {
            unlock();
        }
        submission.recall();
        return isTakenBack(submission);
    }

    private boolean isTakenBack(Submission<T> submission) {
        List<Runnable> after = new ArrayList<>(1);
        try {
            lock();
            SendNode<T> node = submission.node;
            if (node.submission != submission) {
                // Confirmed, or withdrawn and waiting here or elsewhere again: whoever asks looks again.
                return false;
            }
            boolean withdrawn = submission.state == Submission.State.WITHDRAWN;
            submission.orphan = !withdrawn;
            if (withdrawn) {
                submission.state = Submission.State.CLOSED;
                close(submission);
            } else {
                node.submission = null;
                node.gate = null;
            }
            review(node.route, after);
            return withdrawn;
        } finally {
            unlock();
            after.forEach(Runnable::run);
        }
    }

    @Override
    public long room(@Nullable Route<T> route, boolean inTurn) {
        lock();
        try {
            return isPaused(route) || isForeign(route) ? 0 : Math.max(0, WINDOW - open - waiting.size());
        } finally {
            unlock();
        }
    }

    @Override
    public boolean isClosed() {
        return sender instanceof Channel<?> channel && channel.isClosed();
    }

    @Override
    public Throwable refusal() {
        return new ChannelClosedException("'" + name + "' is closed and accepts no more elements");
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    protected void prepare() {}

    @Override
    protected boolean hasRoom() {
        return false;
    }

    @Override
    protected boolean commitLocked(T element) {
        return false;
    }

    @Override
    protected void closeFastLane() {}

    @Override
    protected void openFastLane() {}

    @Override
    protected void skip(long ticket) {}
}
