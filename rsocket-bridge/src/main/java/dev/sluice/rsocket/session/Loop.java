package dev.sluice.rsocket.session;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.util.concurrent.Queues;

/**
 * A session's way onto its event loop. Other threads leave streams in the {@code mailbox} and see to it that the loop looks there. Whatever enters, a
 * batch, the mailbox or a timer, runs between {@link #enter} and {@link #exit}; the outermost exit empties the mailbox and lets the session do what
 * that has led to, so that everything one event causes leaves in as few batches as hold it.
 */
final class Loop {

    private final Link link;
    private final Runnable afterwards;
    private final Consumer<Throwable> failed;
    private final Queue<Stream> mailbox =
            Queues.<Stream>unboundedMultiproducer().get();

    /** The mailbox of whoever is inside already: neither a node nor a fence for each stream. On the event loop. */
    private final ArrayDeque<Stream> inner = new ArrayDeque<>();

    private final AtomicBoolean scheduled = new AtomicBoolean();
    private int entered;

    /**
     * A way onto the loop.
     *
     * @param afterwards what is to be done whenever the mailbox has been emptied
     * @param failed told of what is thrown inside; must not throw but for errors of the VM
     */
    Loop(Link link, Runnable afterwards, Consumer<Throwable> failed) {
        this.link = link;
        this.afterwards = afterwards;
        this.failed = failed;
    }

    /** Has the event loop run the stream soon. From any thread. */
    void touch(Stream stream) {
        if (!stream.markTouched()) {
            return;
        }
        // Whoever is inside looks into both before it leaves.
        boolean inside = link.inLoop() && entered > 0;
        if (inside && mailbox.isEmpty()) {
            // What this thread has left in the mailbox was run before: the order of one thread is kept.
            inner.add(stream);
            return;
        }
        mailbox.offer(stream);
        if (!inside && scheduled.compareAndSet(false, true)) {
            execute(() -> {});
        }
    }

    /** Runs a task on the event loop. From any thread. */
    void execute(Runnable task) {
        Runnable onLoop = () -> {
            scheduled.set(false);
            inside(task);
        };
        try {
            link.execute(onLoop);
        } catch (RejectedExecutionException loopHasEnded) {
            // Nobody else will: whoever still asks something of this session runs it, one after the other.
            synchronized (scheduled) {
                onLoop.run();
            }
        }
    }

    /** Runs a task on the event loop after a while; what it returns cancels it. */
    Runnable schedule(Runnable task, long nanos) {
        return link.schedule(() -> inside(task), nanos);
    }

    /** Cancels what {@link #schedule} has given, if there is such a thing. */
    static void cancel(@Nullable Runnable timer) {
        if (timer != null) {
            timer.run();
        }
    }

    private void inside(Runnable task) {
        enter();
        try {
            task.run();
        } catch (Throwable thrown) {
            failed.accept(thrown);
        } finally {
            exit();
        }
    }

    /** On the event loop, as all below. */
    void enter() {
        entered++;
    }

    void exit() {
        try {
            while (entered == 1 && goOn()) {}
        } finally {
            entered--;
        }
    }

    /** Does what there is to do, and says whether that has led to more. */
    private boolean goOn() {
        try {
            for (Stream stream = next(); stream != null; stream = next()) {
                stream.clearTouched();
                stream.run();
            }
            afterwards.run();
        } catch (Throwable thrown) {
            failed.accept(thrown);
        }
        return !(inner.isEmpty() && mailbox.isEmpty());
    }

    private @Nullable Stream next() {
        Stream stream = inner.poll();
        return stream != null ? stream : mailbox.poll();
    }
}
