package dev.sluice.hub.cli;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;

/**
 * Brings items from event loops to the thread that prints them. Asks for as many as its memory takes by the sizes it has seen, so the one who prints
 * sets the pace of the one who sends.
 *
 * @param <T> the items
 */
final class FramePump<T> extends BaseSubscriber<T> {

    private static final Object COMPLETE = new Object();
    private static final int MOST_ITEMS = 1_024;
    private static final long MOST_BYTES = 4 << 20;

    private record Failed(Throwable error) {}

    /** What comes of the items. */
    interface Printer<T> {
        /** One item. */
        void print(T item) throws IOException;

        /** There is no other item at the moment. */
        void pause() throws IOException;
    }

    private final Inbox<Object> queue = new Inbox<>();
    private final ToLongFunction<? super T> size;

    /** How many more may be asked for. */
    private long left;

    /** Asked for and not printed yet. */
    private long outstanding;

    private double averageSize = 4_096;

    /**
     * A pump.
     *
     * @param most items it asks for altogether
     * @param size bytes of an item
     */
    FramePump(long most, ToLongFunction<? super T> size) {
        this.left = most;
        this.size = size;
    }

    @Override
    protected void hookOnSubscribe(Subscription subscription) {
        ask();
    }

    @Override
    protected void hookOnNext(T item) {
        queue.add(item);
    }

    @Override
    protected void hookOnComplete() {
        queue.add(COMPLETE);
    }

    @Override
    protected void hookOnError(Throwable failure) {
        queue.add(new Failed(failure));
    }

    /** Asks for what there is room for, once half of it is free: by the thread that subscribes, then by the one that prints. */
    private void ask() {
        long room = Math.max(1, Math.min(MOST_ITEMS, (long) (MOST_BYTES / averageSize)));
        if (outstanding > room / 2) {
            return;
        }
        long more = Math.min(left, room - outstanding);
        if (more > 0) {
            left -= more;
            outstanding += more;
            request(more);
        }
    }

    /**
     * Prints until there is nothing more to come, or as many were printed as may be asked for. Blocks.
     *
     * @param patienceMillis how long to wait for an item; 0 without end
     * @throws TimeoutException when none came in that time
     * @throws IOException what the printer throws; nothing more is asked for then
     */
    void run(Printer<T> printer, long patienceMillis) throws IOException, TimeoutException, InterruptedException {
        try {
            while (left > 0 || outstanding > 0) {
                Object next = next(printer, patienceMillis);
                if (next == COMPLETE) {
                    break;
                }
                if (next instanceof Failed failed) {
                    printer.pause();
                    throw CommandFailure.of(failed.error);
                }
                @SuppressWarnings("unchecked") // only items are left
                T item = (T) next;
                printer.print(item);
                outstanding--;
                averageSize += (size.applyAsLong(item) + 64 - averageSize) / 8;
                ask();
            }
            printer.pause();
        } finally {
            cancel();
        }
    }

    private Object next(Printer<T> printer, long patienceMillis)
            throws IOException, TimeoutException, InterruptedException {
        Object ready = queue.poll();
        if (ready != null) {
            return ready;
        }
        printer.pause();
        if (patienceMillis == 0) {
            return queue.take();
        }
        @Nullable Object came = queue.poll(TimeUnit.MILLISECONDS.toNanos(patienceMillis));
        if (came == null) {
            throw new TimeoutException("nothing came for " + patienceMillis + " ms");
        }
        return came;
    }
}
