package dev.sluice.directory;

import dev.sluice.DirectoryUnavailableException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** A directory within this process: one holder's view of a registry, and what that holder has registered. */
final class MemoryDirectory implements Directory {

    private final MemoryRegistry registry;
    private final Runnable whenClosed;
    private final Set<Held> held = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean closing = new AtomicBoolean();
    private final Sinks.Empty<Void> closed = Sinks.empty();

    MemoryDirectory(MemoryRegistry registry, Runnable whenClosed) {
        this.registry = registry;
        this.whenClosed = whenClosed;
    }

    @Override
    public Mono<Registration> register(String service, Instance instance, Duration ttl) {
        Checks.service(service);
        Checks.ttl(ttl);
        return Mono.fromCallable(() -> {
            requireOpen();
            Held registration = new Held(registry.register(service, instance, ttl));
            registration.renewEvery(ttl.toNanos() / 3);
            held.add(registration);
            if (closing.get()) {
                // Closed while this registered: whoever closed may not have seen it.
                registration.leave();
                requireOpen();
            }
            return registration;
        });
    }

    @Override
    public Flux<Set<Instance>> watch(String service) {
        Checks.service(service);
        return registry.watch(service).takeUntilOther(closed.asMono());
    }

    @Override
    public Mono<Set<Instance>> instances(String service) {
        Checks.service(service);
        return Mono.fromCallable(() -> {
            requireOpen();
            return registry.instances(service);
        });
    }

    @Override
    public Flux<String> services() {
        return Flux.defer(() -> {
            requireOpen();
            return Flux.fromIterable(registry.services());
        });
    }

    @Override
    public Mono<Void> close() {
        return Mono.fromRunnable(() -> {
            if (closing.compareAndSet(false, true)) {
                // Those who watch are to keep what they knew, not to see everything leave.
                closed.tryEmitError(new DirectoryUnavailableException("the directory was closed", null));
                held.forEach(Held::leave);
                whenClosed.run();
            }
        });
    }

    /** Stops renewing and says nothing, as a process that dies: for tests. */
    void crash() {
        held.forEach(registration -> registration.renewal.dispose());
    }

    private void requireOpen() {
        if (closing.get()) {
            throw new DirectoryUnavailableException("the directory was closed", null);
        }
    }

    private final class Held implements Registration {
        private final MemoryRegistry.Lease lease;
        private final Disposable.Swap renewal = Disposables.swap();
        private final Sinks.Empty<Void> end = Sinks.empty();

        Held(MemoryRegistry.Lease lease) {
            this.lease = lease;
        }

        void renewEvery(long nanos) {
            renewal.update(registry.clock.schedulePeriodically(this::renew, nanos, nanos, TimeUnit.NANOSECONDS));
        }

        private void renew() {
            if (!registry.renew(lease)) {
                forget();
                end.tryEmitError(new DirectoryUnavailableException(
                        "instance " + lease.instance.id() + " of service \"" + lease.service
                                + "\" was not renewed within "
                                + Duration.ofNanos(lease.ttlNanos)
                                + " and is no longer registered: register it again, under a new id",
                        null));
            }
        }

        private void forget() {
            renewal.dispose();
            held.remove(this);
            registry.remove(lease);
        }

        void leave() {
            forget();
            end.tryEmitEmpty();
        }

        @Override
        public String service() {
            return lease.service;
        }

        @Override
        public Instance instance() {
            return lease.instance;
        }

        @Override
        public Mono<Void> withdraw() {
            return Mono.fromRunnable(this::leave);
        }

        @Override
        public Mono<Void> onEnd() {
            return end.asMono();
        }
    }
}
