package dev.sluice.rsocket.channel;

import dev.sluice.Frame;
import dev.sluice.rsocket.session.Failures;
import dev.sluice.rsocket.wire.Code;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;

/**
 * What a server knows of one publisher: the outcomes of its operations, from the lowest number whose outcome it may not know. Repeated operations
 * find their outcome here and are not done again. Guarded by itself; operations begin outside of the lock.
 */
final class PublisherState {

    private final Map<Long, Attempt> attempts = new HashMap<>();

    /** Numbers in the order they came, to forget the lowest. */
    private final Queue<Long> numbers = new ArrayDeque<>();

    /** What to do when it is gone for good; null when it is. */
    private @Nullable Map<Object, Runnable> farewells = new HashMap<>(0);

    private long lowest;

    /**
     * The attempt of a number: the one there is, or a new one.
     *
     * @param number the operation's number
     * @param lowestOpen the smallest number whose outcome the publisher does not know
     * @param operation what to do, when it has not been done
     */
    Attempt attempt(long number, long lowestOpen, Supplier<? extends Publisher<Frame>> operation) {
        Attempt attempt;
        synchronized (this) {
            forgetBelow(lowestOpen);
            Attempt known = attempts.get(number);
            if (known != null) {
                return known;
            }
            if (number < lowest) {
                throw Failures.of(Code.FORGOTTEN, "operation " + number + " was settled before");
            }
            attempt = new Attempt();
            attempts.put(number, attempt);
            numbers.add(number);
        }
        try {
            attempt.begin(operation.get());
        } catch (RuntimeException refused) {
            attempt.onError(refused);
        }
        return attempt;
    }

    /** The attempt of a number, or null when there is none. */
    synchronized @Nullable Attempt find(long number) {
        return attempts.get(number);
    }

    private void forgetBelow(long open) {
        if (open <= lowest) {
            return;
        }
        lowest = open;
        for (Long first = numbers.peek(); first != null && first < open; first = numbers.peek()) {
            numbers.remove();
            attempts.remove(first);
        }
    }

    /** Has something done when the publisher is gone for good: at once, when it is. Of those with the same key, the first. */
    void whenGone(Object key, Runnable farewell) {
        synchronized (this) {
            if (farewells != null) {
                farewells.putIfAbsent(key, farewell);
                return;
            }
        }
        farewell.run();
    }

    /** The publisher is gone for good: takes back what waits. */
    void leave() {
        Attempt[] open;
        Collection<Runnable> due;
        synchronized (this) {
            due = farewells == null ? List.of() : farewells.values();
            farewells = null;
            open = attempts.values().toArray(new Attempt[0]);
            attempts.clear();
            numbers.clear();
        }
        for (Attempt attempt : open) {
            attempt.withdraw();
        }
        due.forEach(Runnable::run);
    }
}
