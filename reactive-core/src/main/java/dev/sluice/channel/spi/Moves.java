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
public final class Moves<T> {
    private final Collection<Move<T>> moves;
    private final List<Gate<T>> locked = new ArrayList<>();

    private Moves(Collection<Move<T>> moves) {
        this.moves = moves;
    }

    /**
     * Moves routes in one step: for all senders there is a single moment before which their elements go to the old gate
     * and after which they go to the new one. Waiting sends move in order, ahead of later ones.
     *
     * @return {@link Outcome#ACCEPTED} when done; {@link Outcome#MOVED} when a route does not lead where it was said to,
     *     {@link Outcome#CLOSED} when a target is closed, and then nothing has changed
     */
    public static <T> Outcome make(Collection<Move<T>> moves) {
        List<Runnable> after = new ArrayList<>();
        Outcome outcome = make(moves, false, after);
        Thrown.runAll(after);
        return outcome;
    }

    /**
     * As {@link #make(Collection)}, for a caller who holds a lock of its own.
     *
     * @param evenToClosed whether a route may also be led to a gate that is closed: its waiting sends are then refused
     *     there, as all later ones are
     * @param after gets what is to be run once no lock is held: it tells those whose sends were committed or refused
     */
    public static <T> Outcome make(Collection<Move<T>> moves, boolean evenToClosed, Collection<Runnable> after) {
        return new Moves<>(moves).make(evenToClosed, after);
    }

    private Outcome make(boolean evenToClosed, Collection<Runnable> after) {
        try {
            lockAll();
            for (Move<T> move : moves) {
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
        for (Move<T> move : moves) {
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
        for (Move<T> move : moves) {
            moving.add(move.withWaiting() ? move.from().line.detach(move.route()) : new SendQueue<>());
        }
        int i = 0;
        for (Move<T> move : moves) {
            SendQueue<T> nodes = moving.get(i++);
            for (SendNode<T> node = nodes.first(); node != null; node = nodes.first()) {
                nodes.passFirst(move.to().line.queueFor(node), move.to());
            }
            move.route().lead(move.to());
        }
    }
}
