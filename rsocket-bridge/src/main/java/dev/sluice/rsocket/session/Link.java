package dev.sluice.rsocket.session;

import dev.sluice.rsocket.watch.SessionWatcher;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.net.SocketAddress;

/**
 * What carries the batches of a session. All of a session's state belongs to the link's event loop; every method but {@link
 * #execute} and {@link #inLoop} is called there only.
 */
public interface Link {

    /** Where batches come from. */
    ByteBufAllocator alloc();

    /** The other end, for messages and origins. */
    SocketAddress remoteAddress();

    /** Is told what the session does. */
    default SessionWatcher watcher() {
        return SessionWatcher.NONE;
    }

    /** Whether the caller is the event loop. */
    boolean inLoop();

    /**
     * Runs a task on the event loop, later. From any thread.
     *
     * @throws java.util.concurrent.RejectedExecutionException when the loop has ended
     */
    void execute(Runnable task);

    /**
     * Runs a task on the event loop after a while.
     *
     * @return cancels it
     */
    Runnable schedule(Runnable task, long nanos);

    /** Hands a batch to the connection, which releases it. It leaves with the next {@link #flush}. */
    void write(ByteBuf batch);

    /** Lets what was written leave. */
    void flush();

    /** Bytes handed to the connection and not yet written to the socket. */
    long pending();

    /**
     * Runs once, on the event loop, when {@link #pending} has fallen to this level: at once, later, when it is there already.
     * A later call replaces an earlier one that has not run.
     */
    void whenPendingAtMost(long bytes, Runnable task);

    /** Stops reading from the connection, or goes on. Without effect when that cannot be done. */
    void reading(boolean on);

    /** Ends the interaction that carries the session, after what was written has left. */
    void close();
}
