package dev.sluice.rsocket.channel;

import dev.sluice.Frame;
import dev.sluice.Source;
import dev.sluice.channel.Delivery;
import dev.sluice.rsocket.Request;
import dev.sluice.rsocket.SluiceServer;
import dev.sluice.rsocket.security.SelfGuarded;
import java.time.Duration;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Acknowledged deliveries that a server gives out by a service of its own, for {@link RemoteDeliveries} elsewhere: with the promises that a channel from
 * afar keeps when connections are lost. Thread safe.
 */
public final class ServedDeliveries {

    /** The most deliveries that may be unacknowledged. */
    public static final int MOST = TakenOffsets.MOST;

    private ServedDeliveries() {}

    /**
     * What somebody who calls is given.
     *
     * @param deliveries subscribed to at once, once
     * @param origin of what their offsets are offsets: another text when they begin anew
     */
    public record Given(Flux<Delivery<Frame>> deliveries, String origin) {}

    /**
     * Offers two services: one that delivers, and one that is asked first in each session, by which the sessions that a client had before end, so
     * that what they had not acknowledged goes back before more is given out. Neither needs the right to call it.
     *
     * @param server offers them
     * @param receive the service that delivers
     * @param remember the service that is asked first
     * @param given what becomes of a call, and whether the caller may have it; a cancel before anything came takes it back
     */
    public static void offer(
            SluiceServer server, String receive, String remember, Function<Request, Mono<Given>> given) {
        ServedOperations operations = new ServedOperations(Duration.ofSeconds(1), 1 << 16);
        server.service(receive, (SelfGuarded) request -> given.apply(request).flatMapMany(ServedDeliveries::source));
        server.service(remember, (SelfGuarded) operations::remember);
    }

    private static Publisher<Source> source(Given given) {
        JoinedSource<?> joined = JoinedSource.join(given.deliveries(), new DeliveredSource(Frame.text(given.origin())));
        return ChannelServices.joined(joined);
    }
}
