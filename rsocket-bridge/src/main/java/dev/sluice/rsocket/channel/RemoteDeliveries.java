package dev.sluice.rsocket.channel;

import dev.sluice.Frame;
import dev.sluice.channel.Delivery;
import dev.sluice.rsocket.Call;
import dev.sluice.rsocket.SluiceClient;
import reactor.core.publisher.Flux;

/**
 * Acknowledged deliveries of a service that {@link ServedDeliveries} offers. Each session of the client begins with the question by which its earlier ones
 * end, so nothing is lost between two of them. Thread safe.
 */
public final class RemoteDeliveries {

    /** The tag that says of which origin a receiver had deliveries before, in calls that follow an answer. */
    public static final String EXPECTS = "expects";

    private final Sessions sessions;

    /**
     * Deliveries of a server.
     *
     * @param client connects to it; it stays the caller's to close. One for each of these
     * @param remember the service that is asked first
     */
    public RemoteDeliveries(SluiceClient client, String remember) {
        this.sessions = new Sessions(client, Call.to(remember));
    }

    /**
     * What a call is given, over one connection after the other, as long as the client can connect. Subscribers come one after the other, the next
     * one when the one before has ended or cancelled: it goes on where that one was, and what that one had acknowledged does not come again.
     *
     * @param call the call of the service that delivers
     * @param history what the receiver has had before. Kept up to date
     */
    public Flux<Delivery<Frame>> receive(Call call, DeliveryHistory history) {
        Feed<Delivery<Frame>> feed = Feeds.expecting(call, EXPECTS, history);
        return new RemoteReceiver<>(sessions, () -> feed);
    }
}
