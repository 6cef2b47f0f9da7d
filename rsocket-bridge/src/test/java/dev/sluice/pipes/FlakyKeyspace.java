package dev.sluice.pipes;

import dev.sluice.DirectoryUnavailableException;
import dev.sluice.directory.Keyspace;
import java.time.Duration;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** A keyspace that can be away: nothing can be asked, and watches fail. What is held can be lost, watches can be silent, and answers late. */
final class FlakyKeyspace implements Keyspace {

    private final Keyspace there;
    private final Set<Held> held = ConcurrentHashMap.newKeySet();
    private volatile boolean away;
    private volatile boolean silent;
    private volatile Sinks.Empty<Void> leaving = Sinks.empty();
    private volatile Sinks.@Nullable Empty<Void> answering;

    FlakyKeyspace(Keyspace there) {
        this.there = there;
    }

    void away() {
        away = true;
        leaving.tryEmitError(unavailable());
    }

    void back() {
        leaving = Sinks.empty();
        away = false;
    }

    /** Watches tell nothing new from now on. */
    void silent() {
        silent = true;
    }

    /** What is asked from now on is not answered before {@link #answer()}. */
    void late() {
        answering = Sinks.empty();
    }

    void answer() {
        Sinks.Empty<Void> waiting = Objects.requireNonNull(answering);
        answering = null;
        waiting.tryEmitEmpty();
    }

    /** What is held is taken out, and whoever holds it is told. */
    void lose() {
        held.forEach(Held::lose);
    }

    private static DirectoryUnavailableException unavailable() {
        return new DirectoryUnavailableException("away, for a test", null);
    }

    private <T> Mono<T> ifThere(Mono<T> mono) {
        return Mono.defer(() -> {
            Sinks.@Nullable Empty<Void> waiting = answering;
            if (away) {
                return Mono.error(unavailable());
            }
            return waiting == null ? mono : waiting.asMono().then(mono);
        });
    }

    @Override
    public Mono<Hold> hold(Claim claim, Duration ttl) {
        return ifThere(there.hold(claim, ttl).map(Held::new));
    }

    @Override
    public Mono<Boolean> remove(String key, long revision) {
        return ifThere(there.remove(key, revision));
    }

    @Override
    public Flux<NavigableMap<String, Value>> watch(String prefix) {
        return Flux.defer(() -> away
                ? Flux.error(unavailable())
                : there.watch(prefix).filter(state -> !silent).takeUntilOther(leaving.asMono()));
    }

    @Override
    public Mono<NavigableMap<String, Value>> read(String prefix) {
        return ifThere(there.read(prefix));
    }

    @Override
    public Mono<Void> close() {
        return there.close();
    }

    private final class Held implements Hold {
        private final Hold hold;
        private final Sinks.Empty<Void> loss = Sinks.empty();
        private volatile boolean lost;

        Held(Hold hold) {
            this.hold = hold;
            held.add(this);
        }

        @Override
        public Mono<Void> release() {
            held.remove(this);
            return ifThere(hold.release());
        }

        @Override
        public Mono<Void> onEnd() {
            Mono<Void> released = hold.onEnd().then(Mono.defer(() -> lost ? Mono.never() : Mono.empty()));
            return Mono.firstWithSignal(released, loss.asMono());
        }

        void lose() {
            lost = true;
            held.remove(this);
            hold.release().subscribe();
            loss.tryEmitError(unavailable());
        }
    }
}
