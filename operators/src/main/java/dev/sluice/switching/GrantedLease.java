package dev.sluice.switching;

import dev.sluice.channel.Channel;
import dev.sluice.channel.Sender;
import dev.sluice.channel.spi.Move;
import dev.sluice.channel.spi.Outcome;
import dev.sluice.channel.spi.Route;
import dev.sluice.channel.spi.Watch;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * A lease, from its grant on. Guarded by the {@link Switchboard}.
 *
 * <p>The holder has a route of its own, to which the channel's gate is reserved. The lease ends by moving that route to a
 * closed gate, in the same step in which services come back: a commit of the holder either precedes that step or finds
 * its route gone.
 */
final class GrantedLease<T> implements ExclusiveLease<T> {
    private final Leases<T> leases;
    private final Leases.Desk<T> desk;
    final Route<T> route;
    private final long token;
    private final String holder;
    private final LeaseOptions<T> options;

    /** Where services go instead; {@code null} when they wait. */
    final @Nullable Destination<T> detour;

    private final HoldGate<T> end;
    private final LeaseSender<T> sender;
    private final Sinks.One<LeaseEnd> ended = Sinks.one();
    private Disposable timer = Disposables.disposed();
    private final Watch<T> closing = new Closing();

    private volatile @Nullable LeaseEnd reason;
    private volatile long deadline = Long.MAX_VALUE;
    private int renewals;

    GrantedLease(
            Leases<T> leases,
            Leases.Desk<T> desk,
            Route<T> route,
            long token,
            LeaseRequest<T> request,
            @Nullable Destination<T> detour) {
        this.leases = leases;
        this.desk = desk;
        this.route = route;
        this.token = token;
        this.holder = request.holder;
        this.options = request.options;
        this.detour = detour;
        this.end = new HoldGate<>("lease of " + desk.channel.name());
        this.sender = new LeaseSender<>(holder + "@" + desk.channel.name(), route);
    }

    void begin(List<Runnable> after) {
        if (desk.gate.watch(closing) == Outcome.CLOSED) {
            after.add(() -> end(LeaseEnd.CHANNEL_CLOSED));
        }
        if (options.ttl() != null) {
            after.add(() -> {
                try {
                    startTime(0, now());
                } catch (RuntimeException brokenClock) {
                    end(LeaseEnd.EXPIRED);
                }
            });
        }
    }

    /**
     * Outside the lock, for the clock is the user's.
     *
     * @param mine which of the times of this lease it is: a later one may have been started meanwhile
     */
    private void startTime(int mine, long now) {
        Duration ttl = options.ttl();
        if (ttl == null) {
            return;
        }
        try {
            Disposable next = options.clock().schedule(() -> runOut(mine), ttl.toNanos(), TimeUnit.NANOSECONDS);
            Switchboard.change(after -> {
                boolean outOfDate = mine != renewals || reason != null;
                Disposable unneeded = outOfDate ? next : timer;
                if (!outOfDate) {
                    timer = next;
                    deadline = now + ttl.toNanos();
                }
                after.add(unneeded::dispose);
            });
        } catch (RuntimeException clockIsShutDown) {
            end(LeaseEnd.EXPIRED);
        }
    }

    private void runOut(int when) {
        Switchboard.change(after -> {
            if (when == renewals) {
                end(LeaseEnd.EXPIRED, after);
            }
        });
    }

    private long now() {
        return options.clock().now(TimeUnit.NANOSECONDS);
    }

    private void end(LeaseEnd why) {
        Switchboard.change(after -> end(why, after));
    }

    /** Under the lock. The first reason counts. */
    void end(LeaseEnd why, List<Runnable> after) {
        if (reason == null) {
            reason = why;
            closing.stop();
            leases.ended(desk, this, why, after);
            after.add(timer::dispose);
            after.add(() -> ended.tryEmitValue(why));
        }
    }

    /** From now on the holder writes nothing, and services are aimed as if there were no lease. */
    void fence(LeaseEnd why, Collection<RoutedSink<T>> services, List<Runnable> after) {
        end.close(() -> expired(why), after);
        List<Move<T>> leaving =
                why == LeaseEnd.CHANNEL_CLOSED ? List.of() : List.of(new Move<>(route, desk.gate, end, true));
        Switch.reaim(services, leaving, after);
    }

    private LeaseExpiredException expired(LeaseEnd why) {
        return new LeaseExpiredException("the lease of channel '" + desk.channel.name() + "' by '" + holder
                + "' (token " + token + ") has ended: " + why.words() + ". Take a new one to send more");
    }

    @Override
    public Channel<T> channel() {
        return desk.channel;
    }

    @Override
    public String holder() {
        return holder;
    }

    @Override
    public long token() {
        return token;
    }

    @Override
    public Sender<T> sender() {
        return sender;
    }

    @Override
    public long discarded() {
        boolean discards = options.others() == LeaseOptions.Others.DISCARD;
        return discards && detour != null && detour.sender() instanceof Sinkhole<T> sinkhole ? sinkhole.count() : 0;
    }

    @Override
    public Mono<Void> renew() {
        return Mono.fromRunnable(() -> {
            long now = options.ttl() == null ? 0 : now();
            Switchboard.change(after -> {
                LeaseEnd over = reason;
                if (over != null) {
                    throw expired(over);
                }
                int mine = ++renewals;
                after.add(() -> startTime(mine, now));
            });
        });
    }

    @Override
    public Duration remaining() {
        if (reason != null) {
            return Duration.ZERO;
        }
        return deadline == Long.MAX_VALUE
                ? Duration.ofNanos(Long.MAX_VALUE)
                : Duration.ofNanos(Math.max(0, deadline - now()));
    }

    @Override
    public Mono<Void> close() {
        return closing(LeaseEnd.CLOSED);
    }

    private Mono<Void> closing(LeaseEnd why) {
        return Mono.fromRunnable(() -> end(why));
    }

    @Override
    public Mono<LeaseEnd> ended() {
        return ended.asMono();
    }

    /** Works while a lease lasts; what ends the work ends the lease. */
    static <T, R> Flux<R> during(
            Mono<ExclusiveLease<T>> lease, Function<? super ExclusiveLease<T>, ? extends Publisher<? extends R>> work) {
        return Flux.usingWhen(
                lease,
                work,
                granted -> ((GrantedLease<T>) granted).closing(LeaseEnd.CLOSED),
                (granted, failure) -> ((GrantedLease<T>) granted).closing(LeaseEnd.FAILED),
                granted -> ((GrantedLease<T>) granted).closing(LeaseEnd.CANCELLED));
    }

    @Override
    public String toString() {
        LeaseEnd over = reason;
        return "ExclusiveLease[" + desk.channel.name() + " by " + holder + ", token " + token
                + (over == null ? "]" : ", " + over.words() + "]");
    }

    /** Is told when the channel closes. */
    private final class Closing extends Watch<T> {
        Closing() {
            super(null);
        }

        @Override
        protected void accepted() {}

        @Override
        protected void refused(Throwable cause) {
            end(LeaseEnd.CHANNEL_CLOSED);
        }
    }
}
