package dev.sluice.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.directory.Directory;
import dev.sluice.directory.GroupTerms;
import dev.sluice.directory.Instance;
import dev.sluice.directory.Scheme;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A thousand destinations and ten thousand members, held by twenty processes, and watched by another one. */
@Tag("long")
class LongScaleTest {

    private static final Logger LOG = LoggerFactory.getLogger(LongScaleTest.class);
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final Duration TTL = Duration.ofSeconds(15);
    private static final int DESTINATIONS = 1_000;
    private static final int MEMBERS = 10;
    private static final int PROCESSES = 20;
    private static final int STEADY_SECONDS = 30;

    @Test
    void etcd_withTenThousandMembers_isHardlyWrittenTo() {
        try (EtcdServer server = EtcdServer.start()) {
            Directory[] processes = IntStream.range(0, PROCESSES)
                    .mapToObj(i -> Directory.open(server.url("/scale?request_timeout=30000")))
                    .toArray(Directory[]::new);
            Directory watcher = Directory.open(server.url("/scale?request_timeout=30000"));
            Map<Integer, Integer> seen = new ConcurrentHashMap<>();
            Disposable.Composite watches = Disposables.composite();

            long begun = System.nanoTime();
            for (int d = 0; d < DESTINATIONS; d++) {
                int destination = d;
                watches.add(watcher.destinations()
                        .watchGroups("d" + d)
                        .subscribe(groups -> seen.put(
                                destination,
                                groups.stream()
                                        .mapToInt(group -> group.members().size())
                                        .sum())));
            }
            await().atMost(LONG).until(() -> seen.size() == DESTINATIONS);
            LOG.warn("{} watches begun after {} ms", DESTINATIONS, millis(begun));

            begun = System.nanoTime();
            Flux.range(0, DESTINATIONS)
                    .flatMap(d -> fill(processes[d % PROCESSES], "d" + d), 16)
                    .blockLast(LONG);
            LOG.warn("{} registered after {} ms", DESTINATIONS * (MEMBERS + 1), millis(begun));
            await().atMost(LONG).until(() -> seen.values().stream().allMatch(members -> members == MEMBERS));
            LOG.warn("all seen after {} ms", millis(begun));

            double puts = server.metric("etcd_mvcc_put_total");
            double proposals = server.metric("etcd_server_proposals_committed_total");
            await().pollDelay(Duration.ofSeconds(STEADY_SECONDS)).atMost(LONG).until(() -> true);
            double putsOfRest = server.metric("etcd_mvcc_put_total") - puts;
            double proposalsOfRest = server.metric("etcd_server_proposals_committed_total") - proposals;
            LOG.warn("at rest: {} puts and {} proposals in {} s", putsOfRest, proposalsOfRest, STEADY_SECONDS);
            assertThat(putsOfRest).isZero();
            assertThat(proposalsOfRest / STEADY_SECONDS).isLessThan(2 * PROCESSES);

            watches.dispose();
            begun = System.nanoTime();
            Flux.fromArray(processes).flatMap(Directory::close).blockLast(LONG);
            LOG.warn("closed after {} ms", millis(begun));
            assertThat(watcher.destinations().watchGroups("d0").blockFirst(LONG))
                    .allSatisfy(group -> assertThat(group.members()).isEmpty());
            watcher.close().block(LONG);
        }
    }

    private static Mono<Void> fill(Directory process, String destination) {
        Mono<?> registered = process.destinations()
                .register(destination, Instance.of(Scheme.RSOCKET, destination, 7000), TTL, false);
        return registered
                .thenMany(Flux.range(0, MEMBERS)
                        .concatMap(m ->
                                process.destinations().join(destination, "all", GroupTerms.defaults(), "m" + m, TTL)))
                .then();
    }

    private static long millis(long since) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - since);
    }
}
