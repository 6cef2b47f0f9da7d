package dev.sluice.rsocket.channel;

import dev.sluice.Frame;
import dev.sluice.rsocket.Peer;
import dev.sluice.rsocket.RemoteSource;
import dev.sluice.rsocket.Request;
import java.util.Map;
import reactor.core.publisher.Flux;

/** A request without a connection. */
record Asked(Peer peer, Frame body, Map<String, String> tags) implements Request {

    @Override
    public String service() {
        return Verbs.SEND;
    }

    @Override
    public Flux<RemoteSource> uplink() {
        return Flux.empty();
    }
}
