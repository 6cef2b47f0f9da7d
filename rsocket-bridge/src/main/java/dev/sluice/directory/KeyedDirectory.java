package dev.sluice.directory;

import dev.sluice.directory.Keyspace.Claim;
import dev.sluice.directory.Keyspace.Hold;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A directory over an engine that keeps texts by key. */
final class KeyedDirectory implements Directory {

    private final Keyspace keyspace;
    private final Destinations destinations;

    KeyedDirectory(Keyspace keyspace) {
        this.keyspace = keyspace;
        this.destinations = new KeyedDestinations(keyspace);
    }

    @Override
    public Mono<Registration> register(String service, Instance instance, Duration ttl) {
        Checks.name("service", service);
        Checks.ttl(ttl);
        Claim claim = new Claim(
                Map.of(DirectoryKeys.service(service, instance.id()), EntryText.of(instance)), Map.of(), Set.of());
        return keyspace.hold(claim, ttl)
                .onErrorMap(
                        KeyTakenException.class,
                        taken -> new IllegalStateException("service \"" + service + "\" has an instance "
                                + instance.id()
                                + " already: register under another id, or when that one is withdrawn or has expired"))
                .map(hold -> new Held(service, instance, hold));
    }

    @Override
    public Flux<Set<Instance>> watch(String service) {
        Checks.name("service", service);
        return keyspace.watch(DirectoryKeys.services(service))
                .map(KeyedDirectory::instances)
                .distinctUntilChanged();
    }

    @Override
    public Mono<Set<Instance>> instances(String service) {
        Checks.name("service", service);
        return keyspace.read(DirectoryKeys.services(service)).map(KeyedDirectory::instances);
    }

    @Override
    public Flux<String> services() {
        return names(keyspace, DirectoryKeys.SERVICES);
    }

    static Flux<String> names(Keyspace keyspace, String prefix) {
        return keyspace.read(prefix)
                .flatMapIterable(entries -> entries.keySet().stream()
                        .map(key -> DirectoryKeys.behind(prefix, key).get(0))
                        .filter(Checks::isName)
                        .distinct()
                        .sorted()
                        .toList());
    }

    static Set<Instance> instances(NavigableMap<String, Keyspace.Value> entries) {
        Set<Instance> all = new LinkedHashSet<>();
        entries.forEach((key, value) -> {
            Instance instance = EntryText.instance(key, value.text());
            if (instance != null) {
                all.add(instance);
            }
        });
        return Collections.unmodifiableSet(all);
    }

    @Override
    public Destinations destinations() {
        return destinations;
    }

    @Override
    public Mono<Void> close() {
        return keyspace.close();
    }

    @Override
    public String toString() {
        return keyspace.toString();
    }

    /** A registration that holds keys. */
    record Held(String service, Instance instance, Hold hold) implements Registration {

        @Override
        public Mono<Void> withdraw() {
            return hold.release();
        }

        @Override
        public Mono<Void> onEnd() {
            return hold.onEnd();
        }
    }
}
