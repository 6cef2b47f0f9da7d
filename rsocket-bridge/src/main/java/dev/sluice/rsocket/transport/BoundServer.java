package dev.sluice.rsocket.transport;

import io.rsocket.Closeable;
import io.rsocket.exceptions.ConnectionCloseException;
import java.net.InetSocketAddress;
import java.time.Duration;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;

/** A server that listens. Thread safe. */
public final class BoundServer implements Closeable {

    private final DisposableServer server;
    private final ServerConnections connections;

    BoundServer(DisposableServer server, ServerConnections connections) {
        this.server = server;
        this.connections = connections;
    }

    /** Where it listens, with the port the system chose. */
    public InetSocketAddress address() {
        return (InetSocketAddress) server.address();
    }

    /** Connections it has, those in a handshake included. */
    public int connections() {
        return connections.count();
    }

    /** Connections it closed because it had too many. */
    public long refused() {
        return connections.refused();
    }

    /** Stops listening. Connections in a handshake, or without a request yet, are ended; the others stay. */
    public void stopListening() {
        server.dispose();
        connections.endUnused();
    }

    /** Completes when no plain HTTP request is being answered; to be asked after {@link #stopListening()}. Lazy. */
    public Mono<Void> whenAnswered() {
        return Mono.defer(connections::whenAnswered);
    }

    /**
     * Stops listening, waits until the connections have ended, and closes those that are left after a while. Lazy; to cancel stops the wait
     * only.
     */
    public Mono<Void> closeGracefully(Duration timeout) {
        return Mono.defer(() -> {
            stopListening();
            return onClose().timeout(timeout, Mono.defer(() -> {
                dispose();
                return onClose();
            }));
        });
    }

    /** Stops listening and ends each connection with RSocket's error CONNECTION_CLOSE, at the latest after 5 seconds; plain HTTP requests at once. */
    @Override
    public void dispose() {
        server.dispose();
        connections.endAll(new ConnectionCloseException("the server shuts down"));
    }

    /** Stops listening and closes each connection as soon as its event loop comes to it, with what its socket has not taken by then. */
    public void cut() {
        server.dispose();
        connections.cut();
    }

    @Override
    public boolean isDisposed() {
        return server.isDisposed();
    }

    /** Completes when it has stopped listening and its last connection has ended. */
    @Override
    public Mono<Void> onClose() {
        return server.onDispose().then(Mono.defer(connections::whenNone));
    }
}
