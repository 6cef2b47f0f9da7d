package dev.sluice.switching;

import dev.sluice.channel.Channel;
import dev.sluice.channel.Sender;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Operators;

/**
 * Somebody asks for a lease. Guarded by the {@link Switchboard}.
 *
 * <p>The lease is handed over once, against demand. A cancel before that takes the request back, or ends the lease; a
 * cancel after it means nothing, for then the lease is its holder's.
 */
final class LeaseRequest<T> implements Subscription {
    private final CoreSubscriber<? super ExclusiveLease<T>> actual;
    private final Leases<T> leases;
    final Channel<T> channel;
    final String holder;
    final LeaseOptions<T> options;

    /** Where services are to be diverted to. */
    final @Nullable Destination<T> diversion;

    private final Disposable.Swap timer = Disposables.swap();
    private Leases.@Nullable Desk<T> queuedAt;
    private @Nullable GrantedLease<T> lease;
    private boolean demanded;
    private boolean over;

    LeaseRequest(
            CoreSubscriber<? super ExclusiveLease<T>> actual,
            Leases<T> leases,
            Channel<T> channel,
            String holder,
            LeaseOptions<T> options) {
        this.actual = actual;
        this.leases = leases;
        this.channel = channel;
        this.holder = holder;
        this.options = options;
        Sender<T> target = options.diversion();
        this.diversion = target == null ? null : Destination.of(target);
    }

    void start() {
        Switchboard.change(after -> {
            if (!over) {
                leases.ask(this, after);
            }
        });
    }

    /** The request is in the queue of a desk. */
    void await(Leases.Desk<T> desk, List<Runnable> after) {
        queuedAt = desk;
        after.add(() -> {
            try {
                timer.update(options.clock()
                        .schedule(
                                () -> Switchboard.change(later -> leases.timeOut(desk, this, later)),
                                options.maxWait().toNanos(),
                                TimeUnit.NANOSECONDS));
            } catch (RuntimeException refused) {
                Switchboard.change(later -> giveUp(desk, refused, later));
            }
        });
    }

    /** The clock is shut down. */
    private void giveUp(Leases.Desk<T> desk, RuntimeException cause, List<Runnable> after) {
        if (desk.queue.remove(this)) {
            fail(cause, after);
        }
    }

    void fail(RuntimeException cause, List<Runnable> after) {
        if (!over) {
            over = true;
            after.add(() -> {
                timer.dispose();
                actual.onError(cause);
            });
        }
    }

    void grant(GrantedLease<T> granted, List<Runnable> after) {
        boolean inTurn = queuedAt != null;
        queuedAt = null;
        lease = granted;
        after.add(timer::dispose);
        handOver(inTurn, after);
    }

    private void handOver(boolean inTurn, List<Runnable> after) {
        GrantedLease<T> granted = lease;
        if (!over && demanded && granted != null) {
            over = true;
            Runnable telling = () -> {
                actual.onNext(granted);
                actual.onComplete();
            };
            after.add(inTurn ? new Switchboard.InTurn(telling) : telling);
        }
    }

    @Override
    public void request(long n) {
        if (Operators.validate(n)) {
            Switchboard.change(after -> {
                demanded = true;
                handOver(false, after);
            });
        }
    }

    @Override
    public void cancel() {
        Switchboard.change(after -> {
            if (over) {
                return;
            }
            over = true;
            after.add(timer::dispose);
            if (queuedAt != null) {
                queuedAt.queue.remove(this);
            }
            if (lease != null) {
                lease.end(LeaseEnd.CANCELLED, after);
            }
        });
    }
}
