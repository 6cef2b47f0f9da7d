package dev.sluice.directory;

import java.time.Duration;
import java.util.Set;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** The same instances for every service, for ever. */
final class StaticDirectory implements Directory {

    private final Set<Instance> all;
    private final Sinks.Empty<Void> closed = Sinks.empty();
    private final Destinations destinations =
            new StaticDestinations(this, closed.asMono().onErrorComplete());

    StaticDirectory(Set<Instance> all) {
        this.all = all;
    }

    @Override
    public Mono<Registration> register(String service, Instance instance, Duration ttl) {
        Checks.name("service", service);
        Checks.ttl(ttl);
        return Mono.error(() -> new UnsupportedOperationException("a static directory takes no registrations: name "
                + instance.host() + ":" + instance.port() + " in its URL, or open a directory of another engine"));
    }

    @Override
    public Flux<Set<Instance>> watch(String service) {
        Checks.name("service", service);
        return new Flux<Set<Instance>>() {
            @Override
            public void subscribe(CoreSubscriber<? super Set<Instance>> actual) {
                actual.onSubscribe(new LatestWatcher<>(() -> all, actual, left -> {}));
            }
        }.takeUntilOther(closed.asMono());
    }

    @Override
    public Mono<Set<Instance>> instances(String service) {
        Checks.name("service", service);
        return Mono.just(all).takeUntilOther(closed.asMono());
    }

    @Override
    public Flux<String> services() {
        return Flux.<String>empty().takeUntilOther(closed.asMono());
    }

    @Override
    public Destinations destinations() {
        return destinations;
    }

    @Override
    public Mono<Void> close() {
        return Mono.fromRunnable(() -> closed.tryEmitError(new DirectoryClosedException()));
    }
}
