package dev.sluice.pipes;

import dev.sluice.rsocket.SluiceClient;
import dev.sluice.rsocket.channel.RemoteDeliveries;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** One connection to each endpoint that members of this process receive from, for all of them. It is closed when the last has left. Thread safe. */
final class Connections {

    private static final Logger LOG = LoggerFactory.getLogger(Connections.class);

    private final PipesOptions options;
    private final Map<Endpoint, Shared> open = new HashMap<>();
    private boolean closed;

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

    /**
     * A connection, for the caller to give back.
     *
     * @throws RuntimeException what the application's {@link PipesOptions.Builder#client} throws, or that all is closed
     */
    Shared take(Endpoint at) {
        Shared there = share(at, null);
        // What the application says of clients is its code, so not under the lock.
        return there == null
                ? Objects.requireNonNull(share(at, new Shared(at, SluiceClient.create(options.client(at)))))
                : there;
    }

    private synchronized @Nullable Shared share(Endpoint at, @Nullable Shared made) {
        if (closed) {
            throw new IllegalStateException("these pipes are closed");
        }
        Shared shared = open.get(at);
        if (shared == null && made != null) {
            open.put(at, made);
            shared = made;
        }
        if (shared != null) {
            shared.users++;
        }
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

    /** Whether nobody uses any, for tests. */
    synchronized boolean isEmpty() {
        return open.isEmpty();
    }

    Mono<Void> close() {
        return Mono.defer(() -> {
            Map<Endpoint, Shared> all;
            synchronized (this) {
                closed = true;
                all = Map.copyOf(open);
                open.clear();
            }
            return Flux.fromIterable(all.values())
                    .flatMap(shared -> shared.client.close().onErrorComplete())
                    .then();
        });
    }
}
