package dev.sluice.rsocket.plain;

import dev.sluice.Frame;
import dev.sluice.rsocket.Peer;
import dev.sluice.rsocket.RemoteSource;
import dev.sluice.rsocket.Request;
import dev.sluice.rsocket.security.Access;
import java.util.Map;
import reactor.core.publisher.Flux;

/** A call of a plain client: what stands in the query are its tags. */
record PlainRequest(String service, Frame body, Map<String, String> tags, Peer peer, Access access) implements Request {

    @Override
    public Flux<RemoteSource> uplink() {
        return Flux.empty();
    }
}
