package dev.sluice.rsocket;

import dev.sluice.Frame;
import java.net.SocketAddress;
import java.util.Map;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The other side of a session: services can be called on it. Thread safe. */
public interface Peer {

    /**
     * Calls a service. Lazy: the call is made at subscription, and for each one. The callee is asked for exactly as many sources as
     * the subscriber asks for; unbounded demand is served in windows. A cancel cancels the call; sources that were received before live
     * on. Signals run on the connection's event loop and must not block it.
     *
     * @param call what is asked
     * @return the answer; fails with what the service failed with, or with {@link dev.sluice.ConnectionLostException}
     */
    Flux<RemoteSource> call(Call call);

    /** Calls a service, see {@link #call(Call)}. */
    default Flux<RemoteSource> post(String service, Frame body) {
        return call(Call.to(service).body(body));
    }

    /** Calls a service, see {@link #call(Call)}. */
    default Flux<RemoteSource> post(String service, Frame body, Map<String, String> tags) {
        return call(Call.to(service).body(body).tags(tags));
    }

    /** Where the other side is. */
    SocketAddress remoteAddress();

    /** The name the other side gives itself; empty when it has none, or has not said it yet. */
    String node();

    /** Whether the session has ended: no call gets through any more. True before anybody whose call or source ends with it hears of that. */
    boolean isClosed();

    /** Completes when the session has ended, however it did. */
    Mono<Void> onClose();
}
