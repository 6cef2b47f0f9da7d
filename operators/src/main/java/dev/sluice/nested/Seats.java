package dev.sluice.nested;

import dev.sluice.nested.GroupOptions.WhenTooMany;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The groups of one {@link GroupRouter} and its rules for their places. Owned by its drain: not thread safe.
 *
 * <p>A key has at most one seat here. The seat leaves when its subscriber saw its end or cancelled. One that was shut
 * before anybody subscribed stays, so that its key is not opened again for nobody, until its place is needed.
 *
 * @param <K> the keys
 * @param <T> the elements
 */
final class Seats<K, T> {

    private final int most;
    private final WhenTooMany whenTooMany;

    /** Least recently active first, as reading a seat by its key moves it to the end. */
    private final LinkedHashMap<K, GroupSeat<K, T>> byKey = new LinkedHashMap<>(16, 0.75f, true);

    /** Those the subscriber of groups has not asked for yet. */
    private final ArrayDeque<GroupSeat<K, T>> unannounced = new ArrayDeque<>();

    /** Those in the map that were shut. */
    private final ArrayDeque<GroupSeat<K, T>> shut = new ArrayDeque<>();

    /** Whether looking for a place may find one it did not find before. */
    private boolean changed = true;

    Seats(GroupOptions options) {
        this.most = options.maxGroups();
        this.whenTooMany = options.whenTooMany();
    }

    @Nullable GroupSeat<K, T> find(K key) {
        return byKey.get(key);
    }

    boolean isEmpty() {
        return byKey.isEmpty();
    }

    boolean hasUnannounced() {
        return !unannounced.isEmpty();
    }

    void open(GroupSeat<K, T> seat) {
        byKey.put(seat.key(), seat);
        unannounced.add(seat);
    }

    /** Whether one more may open, if need be after another one made way. */
    boolean hasPlace() {
        return byKey.size() < most || makePlace();
    }

    /** Frees the place kept for a shut group, else completes the least active group that may be completed. */
    private boolean makePlace() {
        GroupSeat<K, T> kept = shut.peek();
        if (kept != null) {
            remove(kept);
            return true;
        }
        if (!changed || whenTooMany == WhenTooMany.FAIL) {
            return false;
        }
        for (GroupSeat<K, T> seat : byKey.values()) {
            if (seat.isSubscribed() && seat.isEmpty()) {
                seat.end(null);
                serve(seat);
                return true;
            }
        }
        changed = false;
        return false;
    }

    void serve(GroupSeat<K, T> seat) {
        seat.serve();
        if (seat.isOver()) {
            remove(seat);
        }
        changed |= seat.isEmpty();
    }

    /** Ends a seat from which nothing was taken; its buffer was emptied before. */
    void shut(GroupSeat<K, T> seat, Throwable reason) {
        seat.shut(reason);
        shut.add(seat);
        serve(seat);
    }

    void remove(GroupSeat<K, T> seat) {
        byKey.remove(seat.key(), seat);
        if (seat.isShut()) {
            shut.remove(seat);
            unannounced.remove(seat);
        }
    }

    /** The next to announce. A shut one is forgotten: nobody can see it, and somebody is there for its successor. */
    @Nullable GroupSeat<K, T> nextToAnnounce() {
        GroupSeat<K, T> seat = unannounced.poll();
        while (seat != null && seat.isShut()) {
            remove(seat);
            seat = unannounced.poll();
        }
        return seat;
    }

    void discardUnannounced() {
        for (GroupSeat<K, T> seat = unannounced.poll(); seat != null; seat = unannounced.poll()) {
            seat.leave();
            remove(seat);
        }
    }

    /** The one not asked for yet for longest, else the one that was inactive for longest. */
    @Nullable GroupSeat<K, T> leastWanted() {
        GroupSeat<K, T> waiting = unannounced.peek();
        if (waiting != null) {
            return waiting;
        }
        return byKey.isEmpty() ? null : byKey.values().iterator().next();
    }

    List<GroupSeat<K, T>> all() {
        return List.copyOf(byKey.values());
    }

    /** Forgets all keys; what is not announced yet still will be. */
    List<GroupSeat<K, T>> removeAll() {
        List<GroupSeat<K, T>> all = all();
        byKey.clear();
        shut.clear();
        return all;
    }
}
