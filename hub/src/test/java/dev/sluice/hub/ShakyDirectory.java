package dev.sluice.hub;

import dev.sluice.DirectoryUnavailableException;
import dev.sluice.directory.Destinations;
import dev.sluice.directory.Directory;
import dev.sluice.directory.Instance;
import dev.sluice.directory.Registration;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** A directory that can be away, and that loses registrations, when a test wants it. */
final class ShakyDirectory implements Directory {

    private final Directory inner = Directory.inMemory();
    private final Map<String, Shaky> held = new ConcurrentHashMap<>();
    private volatile boolean away;

    void away(boolean is) {
        away = is;
    }

    /** As after a pause of the process: the instance of the service is out, and its holder is told. */
    void lose(String service) {
        Shaky lost = held.remove(service);
        // Its end would look like a withdrawal otherwise.
        lost.end.tryEmitError(new DirectoryUnavailableException("lost by a test", null));
        lost.inner.withdraw().block();
    }

    private record Shaky(Registration inner, Sinks.Empty<Void> end) implements Registration {

        @Override
        public String service() {
            return inner.service();
        }

        @Override
        public Instance instance() {
            return inner.instance();
        }

        @Override
        public Mono<Void> withdraw() {
            return inner.withdraw();
        }

        @Override
        public Mono<Void> onEnd() {
            return Mono.firstWithSignal(end.asMono(), inner.onEnd());
        }
    }

    @Override
    public Mono<Registration> register(String service, Instance instance, Duration ttl) {
        return Mono.defer(() -> away
                ? Mono.error(new DirectoryUnavailableException("away, says a test", null))
                : inner.register(service, instance, ttl).map(registration -> {
                    Shaky shaky = new Shaky(registration, Sinks.empty());
                    held.put(service, shaky);
                    return shaky;
                }));
    }

    @Override
    public Flux<Set<Instance>> watch(String service) {
        return inner.watch(service);
    }

    @Override
    public Mono<Set<Instance>> instances(String service) {
        return inner.instances(service);
    }

    @Override
    public Flux<String> services() {
        return inner.services();
    }

    @Override
    public Destinations destinations() {
        return inner.destinations();
    }

    @Override
    public Mono<Void> close() {
        return inner.close();
    }

    @Override
    public String toString() {
        return "a shaky directory";
    }
}
