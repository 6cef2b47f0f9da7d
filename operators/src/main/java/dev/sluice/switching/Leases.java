package dev.sluice.switching;

import dev.sluice.ChannelClosedException;
import dev.sluice.channel.Channel;
import dev.sluice.channel.spi.Gate;
import dev.sluice.channel.spi.Route;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who has the leases of a registry, and who waits for one. Guarded by the {@link Switchboard}. */
final class Leases<T> {
    private final Services<T> services;
    private final Map<Gate<T>, Desk<T>> desks = new HashMap<>();

    Leases(Services<T> services) {
        this.services = services;
    }

    /** Where leases of one channel are given out, while somebody has it or wants it. */
    static final class Desk<T> {
        final Gate<T> gate;
        final Channel<T> channel;
        final ArrayDeque<LeaseRequest<T>> queue = new ArrayDeque<>();

        @Nullable GrantedLease<T> lease;

        Desk(Gate<T> gate, Channel<T> channel) {
            this.gate = gate;
            this.channel = channel;
        }
    }

    @Nullable Destination<T> detour(Gate<T> gate) {
        Desk<T> desk = desks.get(gate);
        return desk == null || desk.lease == null ? null : desk.lease.detour;
    }

    void ask(LeaseRequest<T> request, List<Runnable> after) {
        Gate<T> gate = Destination.gateOf(request.channel);
        if (gate == null) {
            request.fail(
                    new IllegalArgumentException("channel '" + request.channel.name()
                            + "' cannot be leased: it is a view, or elsewhere. Lease the channel in memory behind it"),
                    after);
            return;
        }
        Desk<T> desk = desks.computeIfAbsent(gate, any -> new Desk<>(gate, request.channel));
        GrantedLease<T> current = desk.lease;
        if (current == null) {
            grant(desk, request, after);
        } else if (request.options.maxWait().isZero()) {
            request.fail(held(desk, current.holder()), after);
        } else {
            desk.queue.add(request);
            request.await(desk, after);
        }
    }

    /** The request has waited long enough. */
    void timeOut(Desk<T> desk, LeaseRequest<T> request, List<Runnable> after) {
        GrantedLease<T> current = desk.lease;
        if (desk.queue.remove(request) && current != null) {
            request.fail(held(desk, current.holder()), after);
        }
    }

    private static LeaseHeldException held(Desk<?> desk, String holder) {
        return new LeaseHeldException(
                "the lease of channel '" + desk.channel.name() + "' is held by '" + holder
                        + "': try again later, or wait longer with maxWait",
                holder);
    }

    /** Grants the lease, or fails the request for a reason that has nothing to do with other requests. */
    private void grant(Desk<T> desk, LeaseRequest<T> request, List<Runnable> after) {
        Gate<T> gate = desk.gate;
        Route<T> route = new Route<>(gate);
        try {
            Destination<T> detour = detour(desk, request);
            long token = gate.reserve(route);
            if (token == 0) {
                throw gate.isClosed()
                        ? new ChannelClosedException(
                                "channel '" + desk.channel.name() + "' cannot be leased: it is closed", gate.refusal())
                        : held(desk, "somebody outside this registry");
            }
            GrantedLease<T> lease = new GrantedLease<>(this, desk, route, token, request, detour);
            desk.lease = lease;
            Switch.reaim(services.sinks(), List.of(), after);
            services.record(new ServiceEvent.LeaseGranted(desk.channel.name(), request.holder, token), after);
            lease.begin(after);
            request.grant(lease, after);
        } catch (RuntimeException refused) {
            desk.lease = null;
            gate.free(route, after);
            request.fail(refused, after);
            forgetIfIdle(desk);
        }
    }

    private @Nullable Destination<T> detour(Desk<T> desk, LeaseRequest<T> request) {
        LeaseOptions<T> options = request.options;
        if (options.others() == LeaseOptions.Others.DISCARD) {
            return Destination.of(Sinkhole.create("sinkhole of " + request.holder + "@" + desk.channel.name()));
        }
        Destination<T> detour = request.diversion;
        if (detour == null) {
            return null;
        }
        Destination<T> next = detour;
        Gate<T> end = next.gate();
        while (end == null) {
            next = ((RoutedSink<T>) next.sender()).aim().current();
            end = next.gate();
        }
        if (end == desk.gate) {
            throw new IllegalArgumentException("services cannot be diverted from '" + desk.channel.name() + "' to '"
                    + detour.name() + "', which leads to the same channel");
        }
        if (end.isClosed()) {
            throw new ChannelClosedException(
                    "services cannot be diverted to '" + detour.name() + "': '" + end.name() + "' is closed",
                    end.refusal());
        }
        return detour;
    }

    /** The lease has ended: everything it changed is put back, and whoever waited longest is next. */
    void ended(Desk<T> desk, GrantedLease<T> lease, LeaseEnd reason, List<Runnable> after) {
        desk.lease = null;
        lease.fence(reason, services.sinks(), after);
        desk.gate.free(lease.route, after);
        services.record(new ServiceEvent.LeaseEnded(desk.channel.name(), lease.holder(), lease.token(), reason), after);
        while (desk.lease == null && !desk.queue.isEmpty()) {
            grant(desk, desk.queue.remove(), after);
        }
        forgetIfIdle(desk);
    }

    private void forgetIfIdle(Desk<T> desk) {
        if (desk.lease == null && desk.queue.isEmpty()) {
            desks.remove(desk.gate);
        }
    }
}
