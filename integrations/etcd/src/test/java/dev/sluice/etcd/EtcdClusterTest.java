package dev.sluice.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.directory.Directory;
import dev.sluice.directory.Instance;
import dev.sluice.directory.Registration;
import dev.sluice.directory.Scheme;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A cluster that loses one of its three nodes. */
class EtcdClusterTest {

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration TTL = Duration.ofSeconds(5);

    private final Instance a = Instance.of(Scheme.RSOCKET, "a", 7000);
    private final Instance b = Instance.of(Scheme.RSOCKET, "b", 7000);

    private static Registration register(Directory directory, Instance instance) {
        return Objects.requireNonNull(directory.register("s", instance, TTL).block(LONG));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void node_thatDies_isDoneWithout(boolean leader) {
        try (EtcdCluster cluster = EtcdCluster.start()) {
            Directory directory = Directory.open(cluster.url("/plant"));
            List<Set<Instance>> seen = new CopyOnWriteArrayList<>();
            List<Throwable> errors = new CopyOnWriteArrayList<>();
            directory.watch("s").subscribe(seen::add, closed -> {});
            Registration registration =
                    await().atMost(LONG).ignoreExceptions().until(() -> register(directory, a), registered -> true);
            registration.onEnd().subscribe(done -> {}, errors::add);
            await().until(() -> !seen.isEmpty() && seen.get(seen.size() - 1).contains(a));

            cluster.node(leader).kill();

            // Until another one leads, nothing can be written; where others want the processors that may take a while.
            await().atMost(LONG).ignoreExceptions().until(() -> register(directory, b) != null);
            await().atMost(LONG).untilAsserted(() -> assertThat(seen).last().isEqualTo(Set.of(a, b)));
            await().pollDelay(TTL.plusSeconds(1)).until(() -> true);
            assertThat(directory.instances("s").block(LONG)).containsExactly(a, b);
            // The other one may come, go and come again: an answer may be lost with the node that has done what was
            // asked.
            assertThat(seen.subList(seen.indexOf(Set.of(a)), seen.size()))
                    .allMatch(instances -> instances.contains(a))
                    .last()
                    .isEqualTo(Set.of(a, b));
            assertThat(errors).isEmpty();
            directory.close().block(LONG);
        }
    }

    @Test
    void node_thatHangs_isDoneWithout() {
        try (EtcdCluster cluster = EtcdCluster.start()) {
            Directory directory = Directory.open(cluster.url("/plant"));
            await().atMost(LONG).ignoreExceptions().until(() -> register(directory, a) != null);
            EtcdServer hanging = cluster.node(false);
            hanging.freeze(true);

            register(directory, b);

            assertThat(directory.instances("s").block(LONG)).containsExactly(a, b);
            await().pollDelay(TTL.plusSeconds(1)).until(() -> true);
            assertThat(directory.instances("s").block(LONG)).containsExactly(a, b);
            hanging.freeze(false);
            directory.close().block(LONG);
        }
    }
}
