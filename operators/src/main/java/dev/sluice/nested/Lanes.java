package dev.sluice.nested;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Priority: one {@link Ring} for each priority in use, and the turn goes to the highest that has somebody ready.
 *
 * <p>With a starvation bound of {@code b}, after {@code b} turns in a row in which somebody of another lane was passed
 * over, one turn goes to the ready lane whose last turn is longest ago. So with {@code n} lanes ready a lane waits at
 * most {@code (n - 1) * (b + 1)} turns, and the highest keeps at least {@code b} of every {@code b + 1}.
 *
 * @param <T> what the sources carry
 */
final class Lanes<T> implements Turns<T> {

    private static final class Lane<T> {
        final int priority;
        final Ring<T> ring = new Ring<>();

        /** The turn at which this lane was last served, or became ready after it had nobody. */
        long waitsSince;

        Lane(int priority) {
            this.priority = priority;
        }
    }

    /** Lanes with at least one source, highest priority first. */
    private final List<Lane<T>> lanes = new ArrayList<>();

    /** 0 = strict: a lower lane waits as long as a higher one has anything ready. */
    private final int starvationBound;

    private int readyLanes;
    private int passedOver;
    private long turn;

    Lanes(int starvationBound) {
        this.starvationBound = starvationBound;
    }

    @Override
    public void admit(MergeSource<T> source) {
        int at = find(source.priority);
        if (at < 0) {
            at = -at - 1;
            lanes.add(at, new Lane<>(source.priority));
        }
        lanes.get(at).ring.admit(source);
    }

    @Override
    public void ready(MergeSource<T> source) {
        Lane<T> lane = laneOf(source);
        if (lane.ring.isEmpty()) {
            readyLanes++;
            lane.waitsSince = turn;
        }
        lane.ring.ready(source);
    }

    @Override
    public void idle(MergeSource<T> source) {
        Lane<T> lane = laneOf(source);
        boolean wasReady = !lane.ring.isEmpty();
        lane.ring.idle(source);
        if (wasReady && lane.ring.isEmpty()) {
            readyLanes--;
        }
    }

    @Override
    public void leave(MergeSource<T> source) {
        idle(source);
        int at = find(source.priority);
        Ring<T> ring = lanes.get(at).ring;
        ring.leave(source);
        if (!ring.hasPlacesTaken()) {
            lanes.remove(at);
        }
    }

    @Override
    public void passed(MergeSource<T> source) {
        laneOf(source).ring.passed(source);
    }

    @Override
    public @Nullable MergeSource<T> next() {
        if (readyLanes == 0) {
            return null;
        }
        Lane<T> lane = highest();
        if (readyLanes == 1) {
            passedOver = 0;
        } else if (starvationBound > 0 && passedOver++ == starvationBound) {
            passedOver = 0;
            lane = longestWaiting();
        }
        lane.waitsSince = ++turn;
        return lane.ring.next();
    }

    @Override
    public boolean isEmpty() {
        return readyLanes == 0;
    }

    @Override
    public void clear(Consumer<? super MergeSource<T>> each) {
        List<Lane<T>> all = List.copyOf(lanes);
        lanes.clear();
        readyLanes = 0;
        all.forEach(lane -> lane.ring.clear(each));
    }

    private Lane<T> highest() {
        for (Lane<T> lane : lanes) {
            if (!lane.ring.isEmpty()) {
                return lane;
            }
        }
        throw new IllegalStateException("A lane counted as ready has nobody ready");
    }

    private Lane<T> longestWaiting() {
        Lane<T> longest = highest();
        for (Lane<T> lane : lanes) {
            if (!lane.ring.isEmpty() && lane.waitsSince < longest.waitsSince) {
                longest = lane;
            }
        }
        return longest;
    }

    private Lane<T> laneOf(MergeSource<T> source) {
        return lanes.get(find(source.priority));
    }

    /** The lane's index, or {@code -(where it belongs) - 1}. */
    private int find(int priority) {
        int low = 0;
        int high = lanes.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int there = lanes.get(middle).priority;
            if (there == priority) {
                return middle;
            }
            if (there > priority) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -low - 1;
    }
}
