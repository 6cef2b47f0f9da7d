package dev.sluice.rsocket.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.Frame;
import dev.sluice.rsocket.Service;
import dev.sluice.rsocket.SessionOptions;
import dev.sluice.rsocket.watch.SessionWatcher;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import reactor.test.subscriber.TestSubscriber;

/** Two sessions that are connected in memory. */
final class Pair implements AutoCloseable {

    final Map<String, Service> clientServices = new ConcurrentHashMap<>();
    final Map<String, Service> serverServices = new ConcurrentHashMap<>();
    final LoopLink clientLink = new LoopLink(SessionWatcher.NONE);
    final LoopLink serverLink;
    final Session client;
    final Session server;

    Pair() {
        this(SessionOptions.defaults(), SessionOptions.defaults());
    }

    Pair(SessionOptions ofClient, SessionOptions ofServer) {
        this(ofClient, ofServer, SessionWatcher.NONE);
    }

    /** Two sessions, the server's watched. */
    Pair(SessionOptions ofClient, SessionOptions ofServer, SessionWatcher watcher) {
        serverLink = new LoopLink(watcher);
        client = new Session(clientLink, true, ofClient, clientServices::get, Frame.EMPTY);
        server = new Session(serverLink, false, ofServer, serverServices::get, Frame.EMPTY);
        LoopLink.join(clientLink, client, serverLink, server);
    }

    Pair serving(String name, Service service) {
        serverServices.put(name, service);
        return this;
    }

    /** The error a subscriber has got; asking the subscriber itself would cancel it when it has not. */
    static Throwable errorOf(TestSubscriber<?> subscriber) {
        assertThat(subscriber.isTerminatedError()).as("has failed").isTrue();
        return subscriber.expectTerminalError();
    }

    @Override
    public void close() {
        clientLink.cut();
        serverLink.cut();
        clientLink.shutDown();
        serverLink.shutDown();
    }
}
