package dev.sluice.hub.control;

import dev.sluice.ConnectionLostException;
import dev.sluice.Frame;
import dev.sluice.channel.Sender;
import dev.sluice.rsocket.RemoteSource;
import dev.sluice.switching.LeaseEnd;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * The sole use of a channel of a hub, until it ends: when it is {@linkplain #close() closed}, when its time runs out, when the channel is closed, and
 * when the connection over which it was taken is lost. Thread safe.
 */
public final class RemoteLease {

    private final RemoteLeases leases;
    private final LeaseGrant grant;
    private final Sinks.One<LeaseEnd> ended = Sinks.one();
    private final Disposable reading;

    RemoteLease(RemoteLeases leases, LeaseGrant grant, RemoteSource answer) {
        this.leases = leases;
        this.grant = grant;
        this.reading = answer.frames()
                .next()
                .map(frame -> LeaseEnd.valueOf(frame.asText()))
                .subscribe(
                        ended::tryEmitValue,
                        ended::tryEmitError,
                        () -> ended.tryEmitError(new ConnectionLostException(
                                "the hub no longer tells of the lease of \"" + grant.channel() + "\"", null)));
    }

    /** A secret: who has it sends through this lease, from other processes too, see {@link RemoteLeases#sender}. */
    public String id() {
        return grant.id();
    }

    /** The leased channel. */
    public String channel() {
        return grant.channel();
    }

    /** Who has the lease. */
    public String holder() {
        return grant.holder();
    }

    /** Fencing token: grows with every lease of this channel, for systems beyond it that want to refuse older ones. */
    public long token() {
        return grant.token();
    }

    /** After which it ends unless it is renewed; null when it does not. */
    public @Nullable Duration ttl() {
        return grant.ttlMillis() == 0 ? null : Duration.ofMillis(grant.ttlMillis());
    }

    /** The holder's way into the channel: its sends fail with {@link dev.sluice.switching.LeaseExpiredException} when the lease has ended. */
    public Sender<Frame> sender() {
        return leases.sender(grant.channel(), grant.id());
    }

    /**
     * Begins the time anew. Lazy.
     *
     * @return fails with {@link dev.sluice.switching.LeaseExpiredException} when the lease has ended
     */
    public Mono<Void> renew() {
        return leases.renew(grant.id());
    }

    /** Why the lease ended, once it has; fails with {@link ConnectionLostException} when the connection was lost, and the lease with it. */
    public Mono<LeaseEnd> ended() {
        return ended.asMono();
    }

    /** Gives the channel back. Lazy; without effect when the lease has ended. */
    public Mono<Void> close() {
        return Mono.fromRunnable(() -> {
            reading.dispose();
            ended.tryEmitValue(LeaseEnd.CLOSED);
        });
    }

    @Override
    public String toString() {
        return "RemoteLease[" + channel() + " by " + holder() + ", token " + token() + "]";
    }
}
