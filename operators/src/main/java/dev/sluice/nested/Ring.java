package dev.sluice.nested;

import java.util.Arrays;
import java.util.BitSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Round robin: fixed places in a circle and a hand that moves on by one ready place a turn.
 *
 * <p>A place is kept from admission to leaving. A source that has nothing ready is skipped and is served when the hand
 * comes by again, so it neither queues behind the others anew nor makes up for turns it had no use for. No source is
 * served twice before every other ready one was served once. A new source takes the first free place.
 *
 * <p>Finding the next turn reads one bit a place, 64 at a time, not the sources themselves.
 *
 * @param <T> what the sources carry
 */
final class Ring<T> implements Turns<T> {

    private @Nullable MergeSource<T>[] places = newPlaces(8);
    private final BitSet taken = new BitSet();
    private final BitSet ready = new BitSet();

    /** Where the search for the next turn begins. */
    private int hand;

    @Override
    public void admit(MergeSource<T> source) {
        int place = taken.nextClearBit(0);
        if (place == places.length) {
            places = Arrays.copyOf(places, places.length * 2);
        }
        taken.set(place);
        places[place] = source;
        source.place = place;
    }

    @Override
    public void ready(MergeSource<T> source) {
        ready.set(source.place);
    }

    @Override
    public void idle(MergeSource<T> source) {
        ready.clear(source.place);
    }

    @Override
    public void leave(MergeSource<T> source) {
        int place = source.place;
        ready.clear(place);
        taken.clear(place);
        places[place] = null;
    }

    @Override
    public void passed(MergeSource<T> source) {
        hand = source.place + 1;
    }

    @Override
    public @Nullable MergeSource<T> next() {
        int place = ready.nextSetBit(hand);
        if (place < 0) {
            place = ready.nextSetBit(0);
            if (place < 0) {
                return null;
            }
        }
        hand = place + 1;
        return places[place];
    }

    @Override
    public boolean isEmpty() {
        return ready.isEmpty();
    }

    boolean hasPlacesTaken() {
        return !taken.isEmpty();
    }

    @Override
    public void clear(Consumer<? super MergeSource<T>> each) {
        for (int i = 0; i < places.length; i++) {
            MergeSource<T> source = places[i];
            places[i] = null;
            if (source != null) {
                each.accept(source);
            }
        }
        taken.clear();
        ready.clear();
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static <T> @Nullable MergeSource<T>[] newPlaces(int size) {
        return new MergeSource[size];
    }
}
