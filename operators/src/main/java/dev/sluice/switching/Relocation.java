package dev.sluice.switching;

import dev.sluice.channel.spi.Gate;
import dev.sluice.channel.spi.Move;
import dev.sluice.channel.spi.Moves;
import dev.sluice.channel.spi.Outcome;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where some sinks, and all that follow them, are to lead now. Under the switchboard's lock, for one change.
 *
 * @param <T> the element
 */
final class Relocation<T> {
    private final Set<RoutedSink<T>> affected = new LinkedHashSet<>();
    private final Map<RoutedSink<T>, Gate<T>> found = new HashMap<>();
    private final Map<RoutedSink<T>, Set<RoutedSink<T>>> follows = new HashMap<>();
    private final Set<RoutedSink<T>> finding = new HashSet<>();

    private Relocation(Collection<RoutedSink<T>> changed) {
        ArrayDeque<RoutedSink<T>> next = new ArrayDeque<>(changed);
        for (RoutedSink<T> sink = next.poll(); sink != null; sink = next.poll()) {
            if (affected.add(sink)) {
                next.addAll(sink.followers);
            }
        }
    }

    static <T> Relocation<T> of(Collection<RoutedSink<T>> changed) {
        return new Relocation<>(changed);
    }

    /** The first of those that somebody else is busy with. */
    @Nullable RoutedSink<T> busyFor(@Nullable Switch<T, ?> mine) {
        for (RoutedSink<T> sink : affected) {
            if (sink.busy != null && sink.busy != mine) {
                return sink;
            }
        }
        return null;
    }

    /** The routes that must move, by sink. */
    Map<RoutedSink<T>, Move<T>> moves() {
        Map<RoutedSink<T>, Move<T>> moves = new LinkedHashMap<>();
        for (RoutedSink<T> sink : affected) {
            Gate<T> from = sink.route.gate();
            Gate<T> to = gateOf(sink);
            if (from != to) {
                moves.put(sink, new Move<>(sink.route, from, to, true));
            }
        }
        return moves;
    }

    /** Where a sink leads when it is not held. */
    Gate<T> destination(RoutedSink<T> sink) {
        ArrayDeque<RoutedSink<T>> unknown = new ArrayDeque<>();
        Gate<T> gate = resolve(sink, unknown);
        while (gate == null) {
            gateOf(unknown.pop());
            gate = resolve(sink, unknown);
        }
        return gate;
    }

    /** Makes the moves, wherever they lead. */
    void make(List<Runnable> after) {
        Collection<Move<T>> moves = moves().values();
        if (!moves.isEmpty()) {
            require(Moves.make(moves, true, after));
        }
        follow();
    }

    /** Routes move under the switchboard's lock only, so none can have moved meanwhile. */
    static void require(Outcome outcome) {
        if (outcome != Outcome.ACCEPTED) {
            throw new IllegalStateException("a route moved without the switchboard: " + outcome);
        }
    }

    /** The moves are made: from now on who was asked for the way is followed. */
    void follow() {
        for (RoutedSink<T> sink : affected) {
            gateOf(sink);
            sink.followed.forEach(leader -> leader.followers.remove(sink));
            sink.followed = follows.getOrDefault(sink, Set.of());
            sink.followed.forEach(leader -> leader.followers.add(sink));
        }
    }

    /** A loop, for any number of sinks may follow one another: who must be known first goes on top. */
    private Gate<T> gateOf(RoutedSink<T> sink) {
        Gate<T> gate = known(sink);
        if (gate != null) {
            return gate;
        }
        ArrayDeque<RoutedSink<T>> unknown = new ArrayDeque<>();
        unknown.push(sink);
        while (!unknown.isEmpty()) {
            RoutedSink<T> top = unknown.element();
            finding.add(top);
            gate = top.aim().held() ? top.hold : resolve(top, unknown);
            if (gate != null) {
                finding.remove(top);
                found.put(top, gate);
                unknown.pop();
            }
        }
        return Objects.requireNonNull(gate);
    }

    private @Nullable Gate<T> known(RoutedSink<T> sink) {
        return affected.contains(sink) ? found.get(sink) : sink.route.gate();
    }

    /**
     * Where a sink leads that is not held; {@code null} when that depends on a sink not known yet, which is pushed.
     *
     * <p>A detour that leads back is not taken: sends then wait where the lease is, as those of everybody else do.
     */
    private @Nullable Gate<T> resolve(RoutedSink<T> sink, ArrayDeque<RoutedSink<T>> unknown) {
        Registrar<T> registrar = sink.registrar;
        Destination<T> target = sink.aim().current();
        Set<Gate<T>> passed = new HashSet<>();
        for (; ; ) {
            Gate<T> gate = target.gate();
            if (gate == null) {
                RoutedSink<T> leader = (RoutedSink<T>) target.sender();
                follows.computeIfAbsent(sink, any -> new LinkedHashSet<>()).add(leader);
                gate = known(leader);
                if (gate == null) {
                    unknown.push(leader);
                    return null;
                }
            }
            Destination<T> detour = registrar == null || !passed.add(gate) ? null : registrar.detour(gate);
            if (detour == null || (detour.gate() == null && finding.contains((RoutedSink<T>) detour.sender()))) {
                return gate;
            }
            target = detour;
        }
    }

    /**
     * Refuses aims that lead in a circle.
     *
     * @param changed sinks that are aimed anew
     */
    static <T> void refuseCircles(Collection<RoutedSink<T>> changed) {
        for (RoutedSink<T> sink : changed) {
            List<String> way = new ArrayList<>(List.of(sink.name()));
            Set<RoutedSink<T>> passed = new HashSet<>(Set.of(sink));
            Destination<T> next = sink.aim().current();
            while (next.gate() == null) {
                RoutedSink<T> leader = (RoutedSink<T>) next.sender();
                way.add(leader.name());
                if (!passed.add(leader)) {
                    throw new IllegalArgumentException("sink '" + sink.name() + "' cannot lead back to itself: "
                            + String.join(" -> ", way) + ". Choose a target that is not behind it");
                }
                next = leader.aim().current();
            }
        }
    }
}
