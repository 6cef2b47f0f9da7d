package dev.sluice.rsocket.session;

import dev.sluice.Frame;
import dev.sluice.rsocket.Peer;
import dev.sluice.rsocket.RemoteSource;
import dev.sluice.rsocket.Request;
import java.util.Map;
import reactor.core.publisher.Flux;

/**
 * What a service is asked. Only who answers holds it: the session, which keeps a call until it is over, has let go of body and tags by
 * then, so that any number of calls that are answered slowly take up no more here than the service itself keeps of them.
 */
record ServedRequest(String service, Frame body, Map<String, String> tags, Flux<RemoteSource> uplink, Peer peer)
        implements Request {

    /** Without the body, which may be long, and the tags, which may be secret. */
    @Override
    public String toString() {
        return "call of " + service + " by " + peer.remoteAddress();
    }
}
