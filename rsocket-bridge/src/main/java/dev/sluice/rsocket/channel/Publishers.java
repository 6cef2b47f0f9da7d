package dev.sluice.rsocket.channel;

import dev.sluice.Frame;
import dev.sluice.rsocket.Peer;
import dev.sluice.rsocket.session.Session;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * The publishers a server knows: those that have a session, and for a while those that had one, in case they come back. One that says no name
 * is known as long as its session lasts.
 *
 * <p>Guarded by itself; what a publisher that is forgotten has left is taken back outside of the lock.
 */
final class Publishers {

    /** Publishers without a session that are remembered at most; the one that is gone the longest is forgotten first. */
    static final int MOST_ABSENT = 1_024;

    private final Duration memory;
    private final Budget budget;
    private final Map<Object, Known> known = new HashMap<>();
    private final Set<Known> absent = new LinkedHashSet<>();

    /**
     * Knows nobody.
     *
     * @param memory for how long one that is gone may come back
     * @param waitingBytes what is held for all of them at most
     */
    Publishers(Duration memory, long waitingBytes) {
        this.memory = memory;
        this.budget = new Budget(waitingBytes);
    }

    private static final class Known {
        private final Object key;
        private final PublisherState state;
        private final Set<Peer> sessions = new HashSet<>();
        private final Disposable.Swap forgetting = Disposables.swap();

        Known(Object key, Budget budget) {
            this.key = key;
            this.state = new PublisherState(budget);
        }
    }

    /**
     * Whether whoever calls is known from before; from now on it is. It has one session at a time: those it had before, of which this side may not
     * know yet that they are lost, end first, so that nothing they have brought or taken is under way when it goes on.
     */
    Mono<Boolean> remember(Peer peer) {
        return Mono.defer(() -> {
            boolean before;
            List<Session> earlier = new ArrayList<>();
            synchronized (this) {
                Known its = known.get(key(peer));
                before = its != null;
                if (its != null && peer instanceof Session session) {
                    its.sessions.stream()
                            .map(Session.class::cast)
                            .filter(other -> other.isOlderThan(session))
                            .forEach(earlier::add);
                }
            }
            of(peer);
            return Flux.fromIterable(earlier).flatMap(Session::supersede).then(Mono.just(before));
        });
    }

    /** What is known of whoever calls. */
    PublisherState of(Peer peer) {
        Known its;
        synchronized (this) {
            its = known.computeIfAbsent(key(peer), key -> new Known(key, budget));
            if (!its.sessions.add(peer)) {
                return its.state;
            }
            absent.remove(its);
            its.forgetting.update(Disposables.disposed());
        }
        Known met = its;
        peer.onClose().subscribe(null, null, () -> gone(met, peer));
        return its.state;
    }

    private static Object key(Peer peer) {
        Frame name = peer instanceof Session session ? session.publisher() : Frame.EMPTY;
        return name.isEmpty() ? peer : name;
    }

    private void gone(Known its, Peer peer) {
        Known leaving = null;
        synchronized (this) {
            its.sessions.remove(peer);
            if (its.sessions.isEmpty() && known.get(its.key) == its) {
                leaving = its.key == peer ? its : awaited(its);
                if (leaving != null) {
                    known.remove(leaving.key);
                }
            }
        }
        leave(leaving);
    }

    /** It may come back; gives the one that there is no more room to remember. */
    private @Nullable Known awaited(Known its) {
        absent.add(its);
        its.forgetting.update(Mono.delay(memory, Schedulers.parallel()).subscribe(tick -> forget(its)));
        if (absent.size() <= MOST_ABSENT) {
            return null;
        }
        Known oldest = absent.iterator().next();
        absent.remove(oldest);
        oldest.forgetting.dispose();
        return oldest;
    }

    private void forget(Known its) {
        synchronized (this) {
            if (!absent.remove(its)) {
                return;
            }
            known.remove(its.key);
        }
        leave(its);
    }

    private static void leave(@Nullable Known leaving) {
        if (leaving != null) {
            leaving.state.leave();
        }
    }
}
