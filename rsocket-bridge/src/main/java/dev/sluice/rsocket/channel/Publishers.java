package dev.sluice.rsocket.channel;

import dev.sluice.Frame;
import dev.sluice.rsocket.Peer;
import dev.sluice.rsocket.session.Session;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * The publishers a server knows: those that have a session, and for a while those that had one, in case they come back. One that says no name
 * is known as long as its session lasts.
 */
final class Publishers {

    private final Duration memory;
    private final Map<Object, Known> known = new ConcurrentHashMap<>();

    /** For how long one that is gone may come back. */
    Publishers(Duration memory) {
        this.memory = memory;
    }

    /** One of several lines of numbers. */
    private record Line(Object publisher, String name) {}

    private static final class Known {
        private final PublisherState state = new PublisherState();
        private Peer peer;
        private Disposable forgetting = () -> {};

        Known(Peer peer) {
            this.peer = peer;
        }
    }

    /**
     * What is known of whoever calls.
     *
     * @param line which of its lines of numbers, null for the first
     */
    PublisherState of(Peer peer, @Nullable String line) {
        Object key = line == null ? key(peer) : new Line(key(peer), line);
        Known found = known.get(key);
        if (found == null || found.peer != peer) {
            found = known.compute(key, (name, before) -> met(name, before, peer));
        }
        return found.state;
    }

    private static Object key(Peer peer) {
        Frame name = peer instanceof Session session ? session.publisher() : Frame.EMPTY;
        return name.isEmpty() ? peer : name;
    }

    private Known met(Object key, @Nullable Known before, Peer peer) {
        Known now = before == null ? new Known(peer) : before;
        if (before != null && before.peer == peer) {
            return now;
        }
        now.peer = peer;
        now.forgetting.dispose();
        peer.onClose().subscribe(null, null, () -> gone(key, peer));
        return now;
    }

    private void gone(Object key, Peer peer) {
        known.computeIfPresent(key, (name, its) -> {
            if (its.peer == peer) {
                its.forgetting = Mono.delay(key(peer) == peer ? Duration.ZERO : memory, Schedulers.parallel())
                        .subscribe(tick -> forget(key, peer));
            }
            return its;
        });
    }

    private void forget(Object key, Peer peer) {
        Known its = known.get(key);
        if (its != null && its.peer == peer && known.remove(key, its)) {
            its.state.leave();
        }
    }
}
