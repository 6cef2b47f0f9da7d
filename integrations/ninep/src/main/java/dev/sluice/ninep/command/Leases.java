package dev.sluice.ninep.command;

import dev.sluice.Frame;
import dev.sluice.channel.Channel;
import dev.sluice.channel.Sender;
import dev.sluice.switching.Diversion;
import dev.sluice.switching.Diversions;
import dev.sluice.switching.ExclusiveLease;
import dev.sluice.switching.LeaseOptions;
import dev.sluice.switching.ServiceRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import reactor.core.publisher.Mono;

/**
 * The leases one connection holds. What is written to a leased channel over this connection goes through the lease; what others write waits. They end
 * with the connection. Thread safe.
 */
public final class Leases {

    private final ServiceRegistry<Frame> registry;
    private final Diversions<Frame> diversions;
    private final Map<Channel<Frame>, ExclusiveLease<Frame>> held = new ConcurrentHashMap<>();
    private volatile boolean isOver;

    /** None yet. */
    public Leases(ServiceRegistry<Frame> registry, Diversions<Frame> diversions) {
        this.registry = registry;
        this.diversions = diversions;
    }

    /** What is written to a channel goes through here. */
    public Sender<Frame> sender(Channel<Frame> channel) {
        ExclusiveLease<Frame> lease = held.isEmpty() ? null : held.get(channel);
        return lease == null ? channel : lease.sender();
    }

    /** Leases a channel; one that is leased by the same owner over this connection is renewed. */
    Mono<Void> take(Channel<Frame> channel, String owner, Duration ttl, Diversion others) {
        return Mono.defer(() -> {
            ExclusiveLease<Frame> lease = held.get(channel);
            if (lease != null && lease.holder().equals(owner)) {
                return lease.renew();
            }
            return diversions
                    .others(others, LeaseOptions.<Frame>builder().ttl(ttl))
                    .flatMap(options -> registry.exclusive(channel, owner, options.build()))
                    .flatMap(this::keep);
        });
    }

    private Mono<Void> keep(ExclusiveLease<Frame> lease) {
        held.put(lease.channel(), lease);
        lease.ended().subscribe(end -> held.remove(lease.channel(), lease));
        return isOver ? lease.close() : Mono.empty();
    }

    /** Gives a channel back; false when it is not leased over this connection. */
    Mono<Boolean> release(Channel<Frame> channel) {
        return Mono.defer(() -> {
            ExclusiveLease<Frame> lease = held.get(channel);
            return lease == null ? Mono.just(false) : lease.close().thenReturn(true);
        });
    }

    /** The connection is over: all are given back. */
    public void end() {
        isOver = true;
        held.values().forEach(lease -> lease.close().subscribe());
    }
}
