package dev.sluice.channel.spi;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reactor.core.Exceptions;
import reactor.core.Fuseable;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * Elements of one sender that follow one another and are committed together, if there is room for them together. Only what a
 * publisher has at hand is fetched, so no element waits for a later one.
 *
 * @param <T> the element
 */
public final class Run<T> {
    /** The most elements fetched at once. */
    static final int LONGEST = 32;

    private static final Object[] NONE = {};

    private @Nullable Object[] elements = NONE;
    private int first;
    private int end;

    /** What the publisher threw after the last element. */
    private @Nullable Throwable failure;

    Run() {}

    /** How many elements there are. */
    public int size() {
        return end - first;
    }

    /** An element, counted from 0. */
    @SuppressWarnings("unchecked")
    public T get(int index) {
        return (T) Objects.requireNonNull(elements[first + index]);
    }

    /** Whether there is nothing here to be sent or thrown. */
    boolean isEmpty() {
        return first == end && failure == null;
    }

    /**
     * Fetches what a publisher has at hand, while nothing is here.
     *
     * @return how many elements there are now: 0 at the publisher's end
     */
    int fetch(Fuseable.QueueSubscription<? extends T> publisher, long most) {
        Throwable thrown = failure;
        if (thrown != null) {
            failure = null;
            throw Exceptions.propagate(thrown);
        }
        // At least one is asked for: some do not know how many they have before they are asked.
        int wanted = (int) Math.max(1, Math.min(Math.min(most, LONGEST), publisher.size()));
        first = 0;
        end = 0;
        if (elements.length < wanted) {
            elements = new Object[wanted == 1 ? 1 : LONGEST];
        }
        while (end < wanted) {
            T next;
            try {
                next = publisher.poll();
            } catch (Throwable e) {
                if (end == 0) {
                    throw e;
                }
                failure = e;
                break;
            }
            if (next == null) {
                break;
            }
            elements[end++] = next;
        }
        return end;
    }

    /** Takes the first element out. */
    T take() {
        T element = get(0);
        gone(1);
        return element;
    }

    /** The first elements have been sent. */
    void gone(int count) {
        Arrays.fill(elements, first, first + count, null);
        first += count;
    }

    /** Discards what is here. */
    void discard(Context context) {
        while (first < end) {
            Operators.onDiscard(take(), context);
        }
        failure = null;
    }
}
