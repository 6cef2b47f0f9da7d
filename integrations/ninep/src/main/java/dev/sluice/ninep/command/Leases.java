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
    private final Map<Channel<Frame>, Held> held = new ConcurrentHashMap<>();
    private volatile boolean isOver;

    private record Held(ExclusiveLease<Frame> lease, Duration ttl, Diversion others) {
        boolean isFor(String owner, Duration wanted, Diversion elsewhere) {
            return lease.holder().equals(owner)
                    && ttl.equals(wanted)
                    && others.toString().equals(elsewhere.toString());
        }
    }

    /** None yet. */
    public Leases(ServiceRegistry<Frame> registry, Diversions<Frame> diversions) {
        this.registry = registry;
        this.diversions = diversions;
    }

    /** What is written to a channel goes through here. */
    public Sender<Frame> sender(Channel<Frame> channel) {
        Held found = held.isEmpty() ? null : held.get(channel);
        return found == null ? channel : found.lease.sender();
    }

    /** Leases a channel; one that is leased over this connection, and in the same words, is renewed. */
    Mono<Void> take(Channel<Frame> channel, String owner, Duration ttl, Diversion others) {
        return Mono.defer(() -> {
            Held found = held.get(channel);
            if (found != null && found.isFor(owner, ttl, others)) {
                return found.lease.renew();
            }
            return diversions
                    .others(others, LeaseOptions.<Frame>builder().ttl(ttl))
                    .flatMap(options -> registry.exclusive(channel, owner, options.build()))
                    .flatMap(lease -> keep(new Held(lease, ttl, others)));
        });
    }

    private Mono<Void> keep(Held taken) {
        ExclusiveLease<Frame> lease = taken.lease;
        held.put(lease.channel(), taken);
        lease.ended().subscribe(end -> held.remove(lease.channel(), taken));
        return isOver ? lease.close() : Mono.empty();
    }

    /** Gives a channel back; false when it is not leased over this connection. */
    Mono<Boolean> release(Channel<Frame> channel) {
        return Mono.defer(() -> {
            Held found = held.get(channel);
            return found == null ? Mono.just(false) : found.lease.close().thenReturn(true);
        });
    }

    /** The connection is over: all are given back. */
    public void end() {
        isOver = true;
        held.values().forEach(each -> each.lease.close().subscribe());
    }
}
