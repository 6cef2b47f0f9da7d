package dev.sluice.rsocket.plain;

import dev.sluice.ChannelExpiredException;
import dev.sluice.Frame;
import dev.sluice.channel.Channel;
import dev.sluice.channel.Channels;
import dev.sluice.channel.Delivery;
import dev.sluice.channel.ListenOptions;
import dev.sluice.channel.Position;
import dev.sluice.channel.spi.Afresh;
import dev.sluice.rsocket.security.Access;
import dev.sluice.rsocket.security.Verb;
import io.rsocket.Payload;
import java.util.List;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * What a plain client may do with one channel. Rights are asked for before anything else is looked at, so that an answer says nothing of whether the
 * channel exists to those who have none. The channel comes last, as asking for it creates it: a request that is refused leaves none behind.
 */
final class ChannelRoute {

    private static final List<String> RECEIVING = List.of(Query.GROUP, Query.LISTEN, Query.OVERFLOW, Query.BUFFER);

    private final Channels channels;
    private final Route route;
    private final Access access;
    private final Limits limits;

    ChannelRoute(Channels channels, Route route, Access access, Limits limits) {
        this.channels = channels;
        this.route = route;
        this.access = access;
        this.limits = limits;
    }

    /** The options of the route, for those who have the right. */
    private Query query(Verb verb, List<String> known) {
        access.check(verb, route.name());
        return new Query(route, known);
    }

    private Channel<Frame> channel() {
        return channels.channel(route.name());
    }

    /** Receives, or listens when the query says so. */
    Publisher<Outgoing> outgoing() {
        return route.query().containsKey(Query.LISTEN) ? listened() : received();
    }

    /** What is taken and not handed over when the client goes is not acknowledged, and so goes back to the front of its group. */
    private Publisher<Outgoing> received() {
        Query query = query(Verb.RECEIVE, RECEIVING);
        if (query.optional(Query.OVERFLOW) != null || query.optional(Query.BUFFER) != null) {
            throw Query.bad(
                    "parameters \"overflow\" and \"buffer\" are for listeners: add listen=latest, or leave them out");
        }
        String group = query.text(Query.GROUP, Channel.DEFAULT_GROUP);
        return Afresh.flux(() -> channel().receiveAcked(group, limits.options().windowItems()))
                .map(ChannelRoute::delivered);
    }

    private static Outgoing delivered(Delivery<Frame> delivery) {
        return new Outgoing(null, delivery.value(), delivery::ack);
    }

    private Publisher<Outgoing> listened() {
        Query query = query(Verb.LISTEN, RECEIVING);
        if (query.optional(Query.GROUP) != null) {
            throw Query.bad("parameters \"group\" and \"listen\" exclude each other: a listener is in no group");
        }
        Position from = Query.position(query.text(Query.LISTEN, "latest"));
        ListenOptions how = query.listenOptions(limits.options().windowItems());
        return Afresh.flux(() -> channel().listenEntries(from, how))
                .map(entry -> new Outgoing(Entries.ofOffset(entry.offset()), entry.value(), null));
    }

    /** Sends one frame; completes when it is accepted. Bytes that wait are counted, and a cancel withdraws. */
    Mono<Void> sent(Frame frame) {
        Query unused = query(Verb.SEND, List.of());
        int size = frame.size();
        if (size > limits.longest()) {
            throw Refusal.tooLarge("a frame", size, limits.longest());
        }
        Waiting waiting = limits.waiting();
        return Mono.defer(() -> waiting.enter(size)
                ? Afresh.mono(() -> channel().send(frame)).doFinally(end -> waiting.leave(size))
                : Mono.error(waiting.refused()));
    }

    /** Sends all; the answers are running totals. */
    Flux<Frame> sentAll(Flux<Payload> payloads) {
        Query unused = query(Verb.SEND, List.of());
        return new Uplink(payloads, new Lasting(), limits);
    }

    /** Sends to the channel. A stream that is silent for long may find it deleted as idle: then it goes on with the one that has the name now. */
    private final class Lasting implements Function<Frame, Mono<Void>> {
        private volatile Channel<Frame> to = channel();

        @Override
        public Mono<Void> apply(Frame frame) {
            return to.send(frame).onErrorResume(ChannelExpiredException.class, gone -> {
                to = channel();
                return apply(frame);
            });
        }
    }
}
