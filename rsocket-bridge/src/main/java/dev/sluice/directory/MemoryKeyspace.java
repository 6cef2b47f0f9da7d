package dev.sluice.directory;

import java.time.Duration;
import java.util.NavigableMap;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Keys within this process: one holder's view of them, and what that holder holds. */
final class MemoryKeyspace implements Keyspace {

    private final MemoryKeys keys;
    private final Runnable whenClosed;
    private final Set<Held> held = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean closing = new AtomicBoolean();
    private final Sinks.Empty<Void> closed = Sinks.empty();

    MemoryKeyspace(MemoryKeys keys, Runnable whenClosed) {
        this.keys = keys;
        this.whenClosed = whenClosed;
    }

    @Override
    public Mono<Hold> hold(Claim claim, Duration ttl) {
        return Mono.create(sink -> {
            requireOpen();
            Held hold = new Held(keys.hold(claim, ttl.toNanos()));
            held.add(hold);
            hold.renewEvery(ttl.toNanos() / 3);
            if (closing.get()) {
                // Closed meanwhile: whoever closed may not have seen it.
                hold.let();
                requireOpen();
            }
            // A cancel while the keys were put, perhaps by somebody who saw them, is heard here at the latest.
            sink.onCancel(hold::let);
            sink.success(hold);
        });
    }

    @Override
    public Mono<Boolean> remove(String key, long revision) {
        return whileOpen(() -> keys.remove(key, revision));
    }

    @Override
    public Flux<NavigableMap<String, Value>> watch(String prefix) {
        return keys.watch(prefix).takeUntilOther(closed.asMono());
    }

    @Override
    public Mono<NavigableMap<String, Value>> read(String prefix) {
        return whileOpen(() -> keys.read(prefix));
    }

    @Override
    public Mono<Void> close() {
        return Mono.fromRunnable(() -> {
            if (closing.compareAndSet(false, true)) {
                // Those who watch are to keep what they knew, not to see everything leave.
                closed.tryEmitError(new DirectoryClosedException());
                held.forEach(Held::let);
                whenClosed.run();
            }
        });
    }

    /** Stops renewing and says nothing, as a process that dies: for tests. */
    void crash() {
        held.forEach(hold -> hold.renewal.dispose());
    }

    private <T> Mono<T> whileOpen(Supplier<T> work) {
        return Mono.fromSupplier(() -> {
            requireOpen();
            return work.get();
        });
    }

    private void requireOpen() {
        if (closing.get()) {
            throw new DirectoryClosedException();
        }
    }

    @Override
    public String toString() {
        return "memory";
    }

    private final class Held implements Hold {
        private final MemoryKeys.Lease lease;
        private final Disposable.Swap renewal = Disposables.swap();
        private final Sinks.Empty<Void> end = Sinks.empty();

        Held(MemoryKeys.Lease lease) {
            this.lease = lease;
        }

        void renewEvery(long nanos) {
            renewal.update(keys.clock.schedulePeriodically(this::renew, nanos, nanos, TimeUnit.NANOSECONDS));
        }

        private void renew() {
            // What was let go meanwhile is not lost.
            if (!keys.renew(lease) && forget()) {
                end.tryEmitError(Keyspace.lost(lease.claim, Duration.ofNanos(lease.ttlNanos)));
            }
        }

        /** False when that was done before. */
        private boolean forget() {
            renewal.dispose();
            boolean was = held.remove(this);
            keys.release(lease);
            return was;
        }

        void let() {
            forget();
            end.tryEmitEmpty();
        }

        @Override
        public Mono<Void> release() {
            return Mono.fromRunnable(this::let);
        }

        @Override
        public Mono<Void> onEnd() {
            return end.asMono();
        }
    }
}
