package dev.sluice.channel.spi;

import dev.sluice.ChannelClosedException;
import dev.sluice.channel.Channel;
import dev.sluice.channel.Sender;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A gate before a sender that is none: one that is elsewhere, or a view. Sends wait here as at any gate, and are handed on
 * one by one, in order; a send is done when that sender confirms it.
 *
 * <p>Such a sender shares no lock with others, so a route cannot leave it in one step. It is {@linkplain #pause paused}
 * first: nothing more is handed on, and what was is withdrawn, newest first, or awaited. What the sender has discarded
 * upon a cancel is provably withdrawn and waits here again at its old place; what it says nothing about is awaited. When
 * nothing is open any more the gate can be {@linkplain Moves#make left}. So every element is confirmed by this sender or
 * moves on, and never both.
 *
 * <p><b>Invariants.</b> All fields are guarded by the lock, under which the sender is never called. A node in {@code
 * waiting} has no submission; any other node queued here has one, which its {@link Outbox} lists in order.
 *
 * @param <T> the element
 */
public final class SenderGate<T> extends WaitingRoom<T> {
    private final Sender<T> sender;
    private final String name;
    private final Outbox<T> outbox = new Outbox<>(this);
    private final AtomicInteger pumping = new AtomicInteger();
    private boolean starting;

    /** Whether a send that is cancelled says in any case what became of its element. */
    private final boolean exact;

    /**
     * A gate.
     *
     * @param sender what is behind it
     * @param name how to call it
     */
    public SenderGate(Sender<T> sender, String name) {
        this.sender = sender;
        this.name = name;
        this.exact = sender instanceof ExactSender || sender instanceof Channel<?>;
    }

    @Override
    Outcome offerBeyond(T element, @Nullable Route<T> route) {
        lock();
        try {
            if (route != null && route.gate() != this) {
                return Outcome.MOVED;
            }
            if (isForeign(route) || outbox.isPaused(route) || !waiting.isEmpty() || outbox.hasUnsent() || starting) {
                return Outcome.FULL;
            }
            outbox.account(route).calls++;
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
            outbox.account(route).calls--;
            outbox.review(route, after);
            unlock();
            Thrown.runAll(after);
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
        Thrown thrown = null;
        do {
            SendQueue<T> told = new SendQueue<>();
            Submission<T> next;
            do {
                lock();
                try {
                    starting = false;
                    next = outbox.next(told);
                    starting = next != null;
                } finally {
                    unlock();
                }
                thrown = told.accept(thrown);
                thrown = next == null ? thrown : next.start(sender, thrown);
            } while (next != null);
            missed = pumping.addAndGet(-missed);
        } while (missed != 0);
        Thrown.rethrow(thrown);
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
            outbox.forget(submission);
            outbox.review(submission.node.route, after);
        } finally {
            unlock();
        }
        if (!orphan && failure == null) {
            after.add(0, submission.node::accepted);
        } else if (!orphan && failure != null) {
            after.add(0, () -> submission.node.refused(failure));
        }
        after.add(this::pump);
        Thrown.runAll(after);
    }

    /** The sender has discarded what was recalled: it is provably not delivered. */
    void withdrawn(Submission<T> submission) {
        List<Runnable> after = new ArrayList<>(1);
        lock();
        try {
            if (submission.orphan) {
                after.add(submission::discard);
            }
            if (submission.state == Submission.State.SENT) {
                submission.state = Submission.State.WITHDRAWN;
                if (submission.orphan) {
                    outbox.forget(submission);
                }
                outbox.review(submission.node.route, after);
                after.add(this::pump);
            }
        } finally {
            unlock();
        }
        Thrown.runAll(after);
    }

    /**
     * Hands on no more sends of a route: they wait here until it is {@linkplain #resume resumed} or moved.
     *
     * @param settle whether the sends that wait now are let finish, or those already handed on are withdrawn, if the
     *     sender is {@linkplain ExactSender exact}, and awaited if it is not
     * @param whenQuiet run once, outside all locks, when nothing of the route is open: it may be moved then
     * @param after gets what is to be run once no lock is held
     */
    public void pause(Route<T> route, boolean settle, Runnable whenQuiet, Collection<Runnable> after) {
        lock();
        try {
            Outbox.Account<T> account = outbox.account(route);
            account.paused = true;
            account.whenQuiet = whenQuiet;
            if (settle) {
                outbox.submitAll(route);
                after.add(this::pump);
            } else {
                List<Submission<T>> sent = outbox.takeBackUnsent(account);
                if (exact) {
                    account.recalled = true;
                    after.add(() -> sent.forEach(Submission::recall));
                }
            }
            outbox.review(route, after);
        } finally {
            unlock();
        }
    }

    /** Hands on the sends of a route again, if it still leads here. */
    public void resume(Route<T> route, Collection<Runnable> after) {
        lock();
        try {
            Outbox.Account<T> account = outbox.find(route);
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
            outbox.review(route, after);
            account.paused = false;
            account.recalled = false;
            outbox.tidy(route);
        } finally {
            unlock();
        }
        after.add(this::pump);
    }

    /** A send that was handed on is recalled first; whether it is withdrawn, the sender says. */
    @Override
    boolean withdraw(SendNode<T> node) {
        SendQueue<T> told = new SendQueue<>();
        Submission<T> submission;
        lock();
        try {
            submission = node.gate == this ? node.submission : null;
            if (submission == null) {
                return withdrawLocked(node, told);
            }
            if (submission.state != Submission.State.SENT) {
                outbox.unsend(submission);
                submission.state = Submission.State.CLOSED;
                outbox.close(submission);
                return true;
            }
        } finally {
            unlock();
            told.accept();
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
                outbox.close(submission);
            } else {
                node.submission = null;
                node.gate = null;
                if (!exact) {
                    // No answer may ever come, so none is awaited.
                    submission.state = Submission.State.CLOSED;
                    outbox.forget(submission);
                    after.add(this::pump);
                }
            }
            outbox.review(node.route, after);
            return withdrawn;
        } finally {
            unlock();
            Thrown.runAll(after);
        }
    }

    @Override
    public long room(@Nullable Route<T> route, boolean inTurn) {
        lock();
        try {
            if (outbox.isPaused(route) || isForeign(route)) {
                return 0;
            }
            return Math.max(inTurn ? 1 : 0, outbox.room());
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
}
