package dev.sluice.rsocket.channel;

import java.util.function.Supplier;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;

/**
 * What a channel elsewhere delivers, as a Flux that outlives connections. The demand there is at subscription goes along with the call, so there is
 * no round trip before the first element.
 *
 * @param <T> the items
 */
final class RemoteReceiver<T> extends Flux<T> {

    private final Sessions sessions;
    private final Supplier<Feed<T>> feeds;

    /**
     * Receives over the sessions of a client.
     *
     * @param sessions those of the client
     * @param feeds gives each subscriber its own
     */
    RemoteReceiver(Sessions sessions, Supplier<Feed<T>> feeds) {
        this.sessions = sessions;
        this.feeds = feeds;
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> actual) {
        Receiving<T> receiving = new Receiving<>(sessions, feeds.get(), actual);
        actual.onSubscribe(receiving);
        receiving.begin();
    }
}
