package dev.sluice.pipes;

import dev.sluice.rsocket.SluiceClient;
import dev.sluice.rsocket.channel.RemoteDeliveries;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** One connection to each endpoint that members of this process receive from, for all of them. It is closed when the last has left. Thread safe. */
final class Connections {

    private static final Logger LOG = LoggerFactory.getLogger(Connections.class);

    private final PipesOptions options;
    private final Map<Endpoint, Shared> open = new HashMap<>();

    Connections(PipesOptions options) {
        this.options = options;
    }

    /** A connection, made when it is first used. */
    static final class Shared {
        final Endpoint at;
        final RemoteDeliveries deliveries;
        private final SluiceClient client;
        private int users;

        Shared(Endpoint at, SluiceClient client) {
            this.at = at;
            this.client = client;
            this.deliveries = new RemoteDeliveries(client, PipeVerbs.REMEMBER);
        }
    }

    synchronized Shared take(Endpoint at) {
        Shared shared = open.computeIfAbsent(at, absent -> new Shared(at, SluiceClient.create(options.client(at))));
        shared.users++;
        return shared;
    }

    void give(Shared shared) {
        synchronized (this) {
            if (--shared.users > 0) {
                return;
            }
            open.remove(shared.at, shared);
        }
        shared.client
                .close()
                .subscribe(closed -> {}, failure -> LOG.debug("Closing the connection to {}", shared.at, failure));
    }

    Mono<Void> close() {
        return Mono.defer(() -> {
            Map<Endpoint, Shared> all;
            synchronized (this) {
                all = Map.copyOf(open);
                open.clear();
            }
            return Flux.fromIterable(all.values())
                    .flatMap(shared -> shared.client.close().onErrorComplete())
                    .then();
        });
    }
}
