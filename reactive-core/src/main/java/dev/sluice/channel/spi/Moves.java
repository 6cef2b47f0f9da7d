package dev.sluice.channel.spi;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * A switch: routes leave their gates for others in one step. All gates concerned are locked in their order and shut, so
 * the step overlaps with no commit at any of them.
 *
 * @param <T> the element
 */
final class Moves<T> {
    private final Collection<Gate.Move<T>> moves;
    private final List<Gate<T>> locked = new ArrayList<>();

    Moves(Collection<Gate.Move<T>> moves) {
        this.moves = moves;
    }

    /** As {@link Gate#move(Collection, boolean, Collection)}. */
    Outcome make(boolean evenToClosed, Collection<Runnable> after) {
        try {
            lockAll();
            for (Gate.Move<T> move : moves) {
                if (move.route().gate() != move.from()) {
                    return Outcome.MOVED;
                }
                if (!evenToClosed && move.to().isClosed()) {
                    return Outcome.CLOSED;
                }
            }
            locked.forEach(Gate::shut);
            lead();
            for (Gate<T> gate : locked) {
                gate.resume(after);
            }
            return Outcome.ACCEPTED;
        } finally {
            for (int i = locked.size() - 1; i >= 0; i--) {
                locked.get(i).unlock();
            }
        }
    }

    private void lockAll() {
        List<Gate<T>> gates = new ArrayList<>();
        for (Gate.Move<T> move : moves) {
            gates.add(move.from());
            gates.add(move.to());
        }
        gates.sort(Comparator.comparingLong(Gate::order));
        for (Gate<T> gate : gates) {
            if (locked.isEmpty() || locked.get(locked.size() - 1) != gate) {
                gate.lock();
                locked.add(gate);
            }
        }
    }

    /** Leads the routes to their new gates. All waiting sends are taken out first: two routes may change places. */
    private void lead() {
        List<SendQueue<T>> moving = new ArrayList<>(moves.size());
        for (Gate.Move<T> move : moves) {
            moving.add(move.withWaiting() ? move.from().line.detach(move.route()) : new SendQueue<>());
        }
        int i = 0;
        for (Gate.Move<T> move : moves) {
            SendQueue<T> nodes = moving.get(i++);
            for (SendNode<T> node = nodes.first(); node != null; node = nodes.first()) {
                nodes.passFirst(move.to().line.queueFor(node), move.to());
            }
            move.route().lead(move.to());
        }
    }
}
