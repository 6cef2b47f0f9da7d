package dev.sluice.perf.network;

import java.io.Closeable;
import java.net.InetSocketAddress;

/**
 * One way to move sources of frames from a server to a client.
 *
 * <p>Frames begin and end as bytes on the heap with every peer: a server sends {@link Work#content()}, the same array again and
 * again, and a client has each frame as bytes of its own, which nobody writes to or takes back, before it counts. What a peer
 * saves when the application does without that is a peer of its own.
 */
interface NetworkPeer {

    /**
     * Starts the server, on a free port of the loopback.
     *
     * @throws Exception when it cannot start
     */
    Server serve() throws Exception;

    /**
     * Connects.
     *
     * @param server where the server is
     * @return a connection that is ready, or gets ready with its first use where that is the peer's way
     * @throws Exception when nobody answers
     */
    Connection connect(InetSocketAddress server) throws Exception;

    /** A server that runs. */
    interface Server extends Closeable {
        int port();
    }

    /** A client's connection. */
    interface Connection extends Closeable {

        /**
         * Asks for all sources and takes their frames, as many at a time and as fast as the peer can. Returns at once.
         *
         * @param work what to ask for
         * @param tally is told of every frame, and of the end
         */
        void take(Work work, Tally tally);
    }
}
