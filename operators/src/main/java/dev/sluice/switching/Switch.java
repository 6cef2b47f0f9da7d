package dev.sluice.switching;

import dev.sluice.ChannelClosedException;
import dev.sluice.channel.spi.Gate;
import dev.sluice.channel.spi.Move;
import dev.sluice.channel.spi.Moves;
import dev.sluice.channel.spi.Outcome;
import dev.sluice.channel.spi.Route;
import dev.sluice.channel.spi.SenderGate;
import dev.sluice.channel.spi.Watch;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;

/**
 * One switch on its way. Guarded by the {@link Switchboard}.
 *
 * <p>It is attempted at once. When somebody is busy with one of the sinks, it queues there. When a route cannot leave its
 * gate in one step, because its waiting sends are to settle or because the gate stands for another sender, that is
 * prepared first: the sinks are busy, what is sent to them waits, and the switch is attempted again when nothing is left
 * at the old gate. The moves themselves are one step in every case.
 *
 * <table>
 * <caption>States</caption>
 * <tr><th>state</th><th>means</th><th>left by</th></tr>
 * <tr><td>queued</td><td>in {@link RoutedSink#queue} of a busy sink</td><td>that switch is over: attempted again</td></tr>
 * <tr><td>preparing</td><td>busy with {@link #prepared}, {@link #pending} &gt; 0</td><td>all is ready: attempted
 *     again</td></tr>
 * <tr><td>over</td><td>done, failed or called off</td><td>never</td></tr>
 * </table>
 */
final class Switch<T, R> extends Operators.MonoSubscriber<Object, R> {
    private final Order<T, R> order;
    private final Set<RoutedSink<T>> prepared = new LinkedHashSet<>();
    private final Map<RoutedSink<T>, SenderGate<T>> paused = new HashMap<>();
    private final List<Watch<T>> watches = new ArrayList<>();
    private int pending;
    private boolean over;
    private @Nullable RoutedSink<T> queuedAt;

    Switch(CoreSubscriber<? super R> actual, Order<T, R> order) {
        super(actual);
        this.order = order;
    }

    void start() {
        Switchboard.change(this::attempt);
    }

    /**
     * Under the lock, when a lease has begun or ended: leads sinks where they belong now, and other routes with them, in
     * one step. Who is busy follows when that is over, and who stands at a gate that cannot be left in one step when it
     * can.
     */
    static <T> void reaim(Collection<RoutedSink<T>> sinks, Collection<Move<T>> others, List<Runnable> after) {
        Relocation<T> relocation = Relocation.of(sinks);
        List<Move<T>> moves = new ArrayList<>(others);
        List<RoutedSink<T>> later = new ArrayList<>();
        relocation.moves().forEach((sink, move) -> {
            if (sink.busy == null && move.from() instanceof SenderGate) {
                later.add(sink);
            } else if (sink.busy == null) {
                moves.add(move);
            }
        });
        if (!moves.isEmpty()) {
            Relocation.require(Moves.make(moves, true, after));
        }
        relocation.follow();
        for (RoutedSink<T> sink : later) {
            new Switch<>(Operators.drainSubscriber(), Orders.again(sink)).attempt(after);
        }
    }

    @Override
    public void cancel() {
        super.cancel();
        Switchboard.change(after -> {
            if (!over) {
                over = true;
                if (queuedAt != null) {
                    queuedAt.queue.remove(this);
                }
                callOff(after);
            }
        });
    }

    /** What was given to nobody needs no releasing. */
    @Override
    protected void discard(@Nullable R result) {}

    private void attempt(List<Runnable> after) {
        queuedAt = null;
        if (over) {
            return;
        }
        Map<RoutedSink<T>, Aim<T>> before = new LinkedHashMap<>();
        try {
            Relocation<T> relocation = aim(before);
            RoutedSink<T> busy = relocation.busyFor(this);
            if (busy != null) {
                undo(before);
                queuedAt = busy;
                busy.queue.add(this);
                return;
            }
            Relocation.refuseCircles(before.keySet());
            refuseClosed(relocation, before.keySet());
            Map<RoutedSink<T>, Move<T>> moves = relocation.moves();
            Map<RoutedSink<T>, Move<T>> unready = unready(moves);
            if (!unready.isEmpty()) {
                undo(before);
                prepare(unready, after);
                return;
            }
            make(relocation, moves, after);
        } catch (RuntimeException refused) {
            undo(before);
            fail(refused, after);
            return;
        } catch (Throwable broken) {
            undo(before);
            fail(broken, after);
            throw broken;
        }
        succeed(before, after);
    }

    private Relocation<T> aim(Map<RoutedSink<T>, Aim<T>> before) {
        order.edits().forEach((sink, aim) -> {
            before.put(sink, sink.aim());
            sink.aim(aim);
        });
        return Relocation.of(before.keySet());
    }

    private void undo(Map<RoutedSink<T>, Aim<T>> before) {
        before.forEach(RoutedSink::aim);
    }

    private void refuseClosed(Relocation<T> relocation, Set<RoutedSink<T>> aimed) {
        if (order.evenToClosed) {
            return;
        }
        for (RoutedSink<T> sink : aimed) {
            Gate<T> gate = relocation.destination(sink);
            if (gate.isClosed()) {
                throw closed(sink, gate);
            }
        }
    }

    /** Called while the sink is aimed at what is closed; the message is about what it is aimed at otherwise. */
    private ChannelClosedException closed(RoutedSink<T> sink, Gate<T> gate) {
        Throwable cause = gate.refusal();
        return new ChannelClosedException(
                "'" + sink.name() + "' cannot be aimed at '" + gate.name() + "': it is closed", cause);
    }

    private void make(Relocation<T> relocation, Map<RoutedSink<T>, Move<T>> moves, List<Runnable> after) {
        if (!moves.isEmpty()) {
            Outcome outcome = Moves.make(moves.values(), order.evenToClosed, after);
            if (outcome == Outcome.CLOSED) {
                for (Map.Entry<RoutedSink<T>, Move<T>> move : moves.entrySet()) {
                    if (move.getValue().to().isClosed()) {
                        throw closed(move.getKey(), move.getValue().to());
                    }
                }
            }
            Relocation.require(outcome);
        }
        relocation.follow();
    }

    /** The moves that are not possible in one step, unless they are prepared. */
    private Map<RoutedSink<T>, Move<T>> unready(Map<RoutedSink<T>, Move<T>> moves) {
        Map<RoutedSink<T>, Move<T>> unready = new LinkedHashMap<>();
        moves.forEach((sink, move) -> {
            boolean direct = order.policy == SwitchPolicy.MIGRATE && !(move.from() instanceof SenderGate);
            if (!direct && !(move.from() instanceof HoldGate) && !prepared.contains(sink)) {
                unready.put(sink, move);
            }
        });
        return unready;
    }

    private void prepare(Map<RoutedSink<T>, Move<T>> unready, List<Runnable> after) {
        List<Move<T>> holding = new ArrayList<>();
        Map<RoutedSink<T>, Gate<T>> left = new HashMap<>();
        pending = 1;
        unready.forEach((sink, move) -> {
            sink.busy = this;
            prepared.add(sink);
            if (move.from() instanceof SenderGate<T> gate) {
                pending++;
                paused.put(sink, gate);
                gate.pause(sink.route, order.policy == SwitchPolicy.SETTLE, new Ready(), after);
            } else {
                holding.add(new Move<>(sink.route, move.from(), sink.hold, false));
                left.put(sink, move.from());
            }
        });
        if (!holding.isEmpty()) {
            Relocation.require(Moves.make(holding, true, after));
        }
        left.forEach((sink, gate) -> {
            Settling watch = new Settling(sink.route);
            if (gate.watch(watch) == Outcome.WAITING) {
                watches.add(watch);
                pending++;
            }
        });
        if (--pending == 0) {
            attempt(after);
        }
    }

    /** One of the things prepared is ready. */
    private final class Ready implements Switchboard.Step {
        @Override
        public void take(List<Runnable> after) {
            if (!over && --pending == 0) {
                attempt(after);
            }
        }
    }

    private void succeed(Map<RoutedSink<T>, Aim<T>> before, List<Runnable> after) {
        over = true;
        before.forEach((sink, aim) -> {
            if (sink.registrar != null && !aim.equals(sink.aim())) {
                sink.registrar.changed(sink, aim, after);
            }
        });
        unbusy(after);
        order.done(after);
        R result = order.result();
        after.add(() -> {
            if (result == null) {
                onComplete();
            } else {
                complete(result);
            }
        });
        attemptQueued();
    }

    private void fail(Throwable cause, List<Runnable> after) {
        over = true;
        String rest = order.describe();
        Throwable failure = cause instanceof ChannelClosedException
                ? new ChannelClosedException(cause.getMessage() + "; " + rest, cause)
                : cause;
        after.add(() -> onError(failure));
        callOff(after);
    }

    /** Nothing comes of it: what was prepared goes back to where it belongs. */
    private void callOff(List<Runnable> after) {
        watches.forEach(Watch::stop);
        if (!prepared.isEmpty()) {
            List<RoutedSink<T>> standing = prepared.stream()
                    .filter(sink -> sink.route.gate() == sink.hold)
                    .toList();
            Relocation.of(standing).make(after);
        }
        unbusy(after);
        attemptQueued();
    }

    /** The sinks are free for others. */
    private void unbusy(List<Runnable> after) {
        prepared.forEach(sink -> sink.busy = null);
        paused.forEach((sink, gate) -> gate.resume(sink.route, after));
    }

    /** Each in turn, not from within the one before: any number may queue. */
    private void attemptQueued() {
        for (RoutedSink<T> sink : prepared) {
            Switchboard.then(after -> {
                for (Switch<T, ?> next = next(sink); next != null; next = next(sink)) {
                    next.attempt(after);
                }
            });
        }
    }

    private @Nullable Switch<T, ?> next(RoutedSink<T> sink) {
        return sink.busy == null ? sink.queue.poll() : null;
    }

    /** Waits until the old target has finished with what waits there, or has closed. */
    private final class Settling extends Watch<T> {
        Settling(Route<T> route) {
            super(route);
        }

        @Override
        protected void accepted() {
            new Ready().run();
        }

        @Override
        protected void refused(Throwable cause) {
            new Ready().run();
        }
    }
}
