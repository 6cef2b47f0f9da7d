package dev.sluice.directory;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.NavigableMap;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Destinations over keys whose reading takes as long as the test wants. */
class KeyedDestinationsTest {

    private static final Duration TTL = Duration.ofSeconds(3);

    private final MemoryKeys keys = new MemoryKeys(VirtualTimeScheduler.create());
    private final Sinks.Empty<Void> answering = Sinks.empty();
    private final Destinations slow = new KeyedDestinations(new Slow(new MemoryKeyspace(keys, () -> {})));
    private final Destinations other = new KeyedDestinations(new MemoryKeyspace(keys, () -> {}));

    private static Instance instance(String id) {
        return Instance.of(Scheme.RSOCKET, "here", 7000).withId(id);
    }

    @Test
    void exclusive_cancelledWhileItLooksForOthers_leavesNothing() {
        StepVerifier.create(slow.register("orders", instance("a"), TTL, true))
                .then(() -> assertThat(keys.isEmpty()).isFalse())
                .thenCancel()
                .verify();

        assertThat(keys.isEmpty()).isTrue();
        StepVerifier.create(other.register("orders", instance("b"), TTL, true))
                .expectNextCount(1)
                .verifyComplete();
    }

    @Test
    void exclusive_takenByOneWhoCancelsAsItComes_stays() {
        // Operators that want one item cancel before they pass it on.
        StepVerifier.create(Flux.concat(slow.register("orders", instance("a"), TTL, true), Mono.never())
                        .next())
                .then(answering::tryEmitEmpty)
                .expectNextCount(1)
                .verifyComplete();

        assertThat(Objects.requireNonNull(other.watch("orders").blockFirst())).containsExactly(instance("a"));
    }

    private final class Slow implements Keyspace {
        private final Keyspace keyspace;

        Slow(Keyspace keyspace) {
            this.keyspace = keyspace;
        }

        @Override
        public Mono<Hold> hold(Claim claim, Duration ttl) {
            return keyspace.hold(claim, ttl);
        }

        @Override
        public Mono<Boolean> remove(String key, long revision) {
            return keyspace.remove(key, revision);
        }

        @Override
        public Flux<NavigableMap<String, Value>> watch(String prefix) {
            return keyspace.watch(prefix);
        }

        @Override
        public Mono<NavigableMap<String, Value>> read(String prefix) {
            return answering.asMono().then(keyspace.read(prefix));
        }

        @Override
        public Mono<Void> close() {
            return keyspace.close();
        }
    }
}
