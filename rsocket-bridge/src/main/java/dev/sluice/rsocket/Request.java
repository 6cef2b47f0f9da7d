package dev.sluice.rsocket;

import dev.sluice.Frame;
import dev.sluice.rsocket.security.Access;
import java.util.Map;
import reactor.core.publisher.Flux;

/** A call as its service sees it. Immutable but for {@link #uplink()}, which can be subscribed to once. */
public interface Request {

    /** The name under which the service was called. */
    String service();

    /** The call's body. */
    Frame body();

    /** The call's tags. */
    Map<String, String> tags();

    /**
     * Sources the caller sends: empty when it sends none. Lazy: nothing is asked of the caller before a subscriber asks. When the
     * service's answer ends, an uplink that nobody subscribed to is cancelled.
     */
    Flux<RemoteSource> uplink();

    /** Who calls; calls can be made to it in turn. */
    Peer peer();

    /** What the caller may do; everything on a server that does not ask who calls, and for a server that calls its client. */
    default Access access() {
        return Access.all();
    }
}
