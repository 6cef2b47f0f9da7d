package dev.sluice.hub.control;

import dev.sluice.ChannelNotFoundException;
import dev.sluice.Frame;
import dev.sluice.Source;
import dev.sluice.channel.Channel;
import dev.sluice.channel.Channels;
import dev.sluice.rsocket.Request;
import dev.sluice.rsocket.session.Failures;
import dev.sluice.rsocket.wire.Code;
import dev.sluice.switching.Diversion;
import dev.sluice.switching.ExclusiveLease;
import dev.sluice.switching.LeaseEnd;
import dev.sluice.switching.LeaseHeldException;
import dev.sluice.switching.LeaseOptions;
import dev.sluice.switching.ServiceRegistry;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Leases of channels for clients. A lease is its holder's as long as that reads the answer that told it: who cancels, or loses the connection, has
 * given it back. Thread safe.
 */
final class ServedLeases {

    private static final long SHORTEST_TTL = 100;
    private static final long LONGEST = Duration.ofDays(365).toMillis();
    private static final int LONGEST_HOLDER = 200;

    private final ServiceRegistry<Frame> registry;
    private final Channels channels;
    private final ServedServices services;
    private final LeaseTable table = new LeaseTable();

    ServedLeases(ServiceRegistry<Frame> registry, Channels channels, ServedServices services) {
        this.registry = registry;
        this.channels = channels;
        this.services = services;
    }

    LeaseTable table() {
        return table;
    }

    /** The answer to who asks for a lease: one source, whose header tells the lease and whose one frame how it ended. */
    Mono<Source> acquire(Request request) {
        String name = Controls.text(request, Controls.CHANNEL);
        String holder = Controls.text(request, Controls.HOLDER);
        if (holder.isBlank() || holder.length() > LONGEST_HOLDER) {
            throw Controls.bad("tag \"" + Controls.HOLDER + "\" must have 1 to " + LONGEST_HOLDER + " characters");
        }
        Diversion others = Controls.diversion(request);
        LeaseOptions.Builder<Frame> options =
                LeaseOptions.<Frame>builder().maxWait(Controls.millis(request, Controls.WAIT, 0, 0, LONGEST));
        ttl(request, options);
        return services.diversions()
                .others(others, options)
                .then(Mono.defer(() -> channel(name)))
                .flatMap(channel -> registry.exclusive(channel, holder, options.build()))
                .map(lease -> source(lease, others, options.build().ttl()))
                .doOnDiscard(Source.class, Source::discard)
                .onErrorMap(ServedLeases::onTheWire);
    }

    private static void ttl(Request request, LeaseOptions.Builder<Frame> options) {
        long millis =
                Controls.number(request, Controls.TTL, Duration.ofSeconds(30).toMillis(), 0, LONGEST);
        if (millis == 0) {
            options.noTtl();
        } else if (millis < SHORTEST_TTL) {
            throw Controls.bad("a lease of less than " + SHORTEST_TTL + " ms would end before it could be renewed");
        } else {
            options.ttl(Duration.ofMillis(millis));
        }
    }

    private Mono<Channel<Frame>> channel(String name) {
        return channels.find(name)
                .switchIfEmpty(Mono.error(() -> new ChannelNotFoundException(
                        "there is no channel \"" + name + "\" to lease: create it first")));
    }

    private Source source(ExclusiveLease<Frame> lease, Diversion others, @Nullable Duration ttl) {
        String id = table.add(lease, others.toString());
        LeaseGrant grant = new LeaseGrant(
                id, lease.channel().name(), lease.holder(), lease.token(), ttl == null ? 0 : ttl.toMillis());
        Runnable giveBack = () -> lease.close().subscribe();
        Flux<Frame> end = lease.ended().map(ServedLeases::told).flux().doOnCancel(giveBack);
        return Source.of(Json.write(grant), end, giveBack);
    }

    private static Frame told(LeaseEnd end) {
        return Frame.text(end.name());
    }

    /** Begins the time of a lease anew. */
    Mono<Frame> renew(Request request) {
        return Mono.defer(
                        () -> table.require(Controls.text(request, Controls.ID)).renew())
                .onErrorMap(ServedLeases::onTheWire)
                .cast(Frame.class);
    }

    /** What travels of an error of a lease: its kind with it. */
    static Throwable onTheWire(Throwable error) {
        return error instanceof LeaseHeldException held
                ? Failures.of(Code.LEASE_HELD, held.holder() + "\n" + held.getMessage())
                : LeaseTable.onTheWire(error);
    }
}
