package dev.sluice.rsocket.plain;

import dev.sluice.rsocket.transport.NettyConnection;
import io.netty.buffer.ByteBufAllocator;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;

/**
 * Hears the socket for all plain streams of a connection: closed while more bytes are unwritten than the high-water mark. Those that found it closed
 * have their turns one after the other when half of them are written. All on the event loop, but for {@link #run}.
 */
final class Gate {

    private final NettyConnection connection;
    private final long mark;
    private final Set<Outflow> waiting = new LinkedHashSet<>();
    private boolean awaited;

    Gate(NettyConnection connection, long mark) {
        this.connection = connection;
        this.mark = mark;
    }

    boolean isOpen() {
        return connection.pending() < mark;
    }

    /** Whether what is sent can still leave. */
    boolean isConnected() {
        return connection.accepts();
    }

    /** Gives a stream its next turn, once the gate is open and those before it had theirs. */
    void await(Outflow stream) {
        waiting.add(stream);
        if (!awaited) {
            awaited = true;
            connection.whenPendingAtMost(this, mark / 2, this::turns);
        }
    }

    /** A stream that is over waits no longer. */
    void leave(Outflow stream) {
        waiting.remove(stream);
    }

    /** A stream that has yielded waits behind those of the next round. */
    private void turns() {
        awaited = false;
        int round = waiting.size();
        while (round-- > 0 && !waiting.isEmpty() && (isOpen() || !isConnected())) {
            Iterator<Outflow> first = waiting.iterator();
            Outflow next = first.next();
            first.remove();
            next.turn();
        }
        if (!waiting.isEmpty() && !awaited) {
            awaited = true;
            connection.whenPendingAtMost(this, mark / 2, this::turns);
        }
    }

    ByteBufAllocator alloc() {
        return connection.alloc();
    }

    /**
     * Runs a task on the event loop: at once when this is it. From any thread.
     *
     * @return false when the loop has ended, and with it the connection
     */
    boolean run(Runnable task) {
        if (connection.eventLoop().inEventLoop()) {
            task.run();
            return true;
        }
        try {
            connection.eventLoop().execute(task);
            return true;
        } catch (RejectedExecutionException ended) {
            return false;
        }
    }

    /** Runs a task in the event loop's next turn; not at all when the loop has ended, and with it the connection. */
    void later(Runnable task) {
        try {
            connection.eventLoop().execute(task);
        } catch (RejectedExecutionException ended) {
            waiting.clear();
        }
    }
}
