package dev.sluice.rsocket.channel;

import dev.sluice.Frame;
import dev.sluice.rsocket.Peer;
import dev.sluice.rsocket.session.Failures;
import dev.sluice.rsocket.session.Session;
import dev.sluice.rsocket.wire.Code;
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

    /** Publishers without a session that are remembered at most; one that has left nothing, or is gone the longest, is forgotten first. */
    static final int MOST_ABSENT = 1_024;

    /** Lines of numbers one publisher may have. */
    static final int MOST_LINES = 1_024;

    /** What a line costs, about, as long as its publisher is known. */
    private static final int LINE_BYTES = 256;

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
        this.budget = Budget.of(waitingBytes);
    }

    /** A publisher. Guarded by the publishers. */
    private static final class Known {
        private final Object key;
        private final Budget budget;
        private final Map<String, PublisherState> lines = new HashMap<>(2);
        private final Map<Object, Runnable> farewells = new HashMap<>(0);
        private final Set<Peer> sessions = new HashSet<>(2);
        private final Disposable.Swap forgetting = Disposables.swap();
        private boolean forgotten;

        Known(Object key, Budget whole) {
            this.key = key;
            this.budget = whole.share();
        }

        /** Whether it has left nothing it could come back for. */
        boolean isEmpty() {
            return farewells.isEmpty() && lines.values().stream().allMatch(PublisherState::isEmpty);
        }

        PublisherState line(String name) {
            PublisherState found = lines.get(name);
            if (found == null) {
                if (lines.size() >= MOST_LINES) {
                    throw Failures.of(
                            Code.LIMIT,
                            "more than " + MOST_LINES
                                    + " lines of operations of one client: use one registry for many");
                }
                takeLine();
                found = new PublisherState(budget);
                lines.put(name, found);
            }
            return found;
        }

        /**
         * The first is free: who comes to receive asks to be remembered too, and must not be refused because of what waits to be received. Others
         * are many only where somebody means it.
         */
        private void takeLine() {
            if (!lines.isEmpty() && !forgotten && !budget.take(LINE_BYTES)) {
                throw Failures.of(
                        Code.LIMIT,
                        "no room for more lines of operations: more than " + budget.most()
                                + " bytes are held of one client, or four times that of all clients: use one registry for"
                                + " many, or raise waitingBytes there");
            }
        }

        /** It is gone for good; gives the lines it had. */
        List<PublisherState> forget() {
            forgotten = true;
            budget.give((long) LINE_BYTES * Math.max(0, lines.size() - 1));
            return List.copyOf(lines.values());
        }
    }

    /**
     * Whether whoever calls is known from before; from now on it is. It has one session at a time: those it had before, of which this side may not
     * know yet that they are lost, end first, so that nothing they have brought or taken is under way when it goes on.
     */
    Mono<Boolean> remember(Peer peer, String line) {
        return Mono.defer(() -> {
            Known its = known(peer);
            boolean before;
            List<Session> earlier = new ArrayList<>();
            synchronized (this) {
                before = its.lines.containsKey(line);
                its.line(line);
                for (Peer other : its.sessions) {
                    if (other instanceof Session session && peer instanceof Session now && session.isOlderThan(now)) {
                        earlier.add(session);
                    }
                }
            }
            return Flux.fromIterable(earlier).flatMap(Session::supersede).then(Mono.just(before));
        });
    }

    /** What is known of a line of whoever calls, or null when there is no such line. */
    synchronized @Nullable PublisherState find(Peer peer, String line) {
        Known its = known.get(key(peer));
        return its == null ? null : its.lines.get(line);
    }

    /** What is known of a line of whoever calls, from now on. */
    PublisherState of(Peer peer, String line) {
        Known its = known(peer);
        synchronized (this) {
            return its.line(line);
        }
    }

    /** Whoever calls: the same object as long as it is remembered. */
    Object client(Peer peer) {
        return known(peer);
    }

    /** Has something done when a publisher is gone for good: at once, when it is. Of those with the same key, the first. */
    void whenGone(Object client, Object key, Runnable farewell) {
        synchronized (this) {
            Known its = (Known) client;
            if (!its.forgotten) {
                its.farewells.putIfAbsent(key, farewell);
                return;
            }
        }
        farewell.run();
    }

    private Known known(Peer peer) {
        Known its;
        synchronized (this) {
            its = known.computeIfAbsent(key(peer), key -> new Known(key, budget));
            if (!its.sessions.add(peer)) {
                return its;
            }
            absent.remove(its);
            its.forgetting.update(Disposables.disposed());
        }
        Known met = its;
        peer.onClose().subscribe(null, null, () -> gone(met, peer));
        return its;
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
        // Strangers who come and go must not have those forgotten who left something behind.
        Known least = absent.stream()
                .filter(Known::isEmpty)
                .findFirst()
                .orElseGet(() -> absent.iterator().next());
        absent.remove(least);
        least.forgetting.dispose();
        return least;
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

    private void leave(@Nullable Known leaving) {
        if (leaving == null) {
            return;
        }
        List<PublisherState> lines;
        List<Runnable> farewells;
        synchronized (this) {
            lines = leaving.forget();
            farewells = List.copyOf(leaving.farewells.values());
        }
        lines.forEach(PublisherState::leave);
        farewells.forEach(Runnable::run);
    }
}
