package dev.sluice.rsocket.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.directory.Instance;
import dev.sluice.directory.Scheme;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Which instance has a bucket. */
class RendezvousProperties {

    private static final int BUCKETS = 4_000;

    private static List<Instance> instances(int count, int firstPort) {
        List<Instance> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(Instance.of(Scheme.RSOCKET, "10.0.0." + (i + 1), firstPort));
        }
        return all;
    }

    private static Instance owner(List<Instance> all, String bucket) {
        return all.stream()
                .max(Comparator.comparingDouble(instance -> Rendezvous.score(bucket, instance)))
                .orElseThrow();
    }

    private static Map<String, Instance> owners(List<Instance> all) {
        Map<String, Instance> owners = new HashMap<>();
        for (int i = 0; i < BUCKETS; i++) {
            owners.put("user-" + i, owner(all, "user-" + i));
        }
        return owners;
    }

    private static long had(Map<String, Instance> owners, Instance instance) {
        return owners.values().stream().filter(instance::equals).count();
    }

    @Property(tries = 50)
    void oneThatLeaves_movesOnlyItsOwnBuckets(
            @ForAll @IntRange(min = 2, max = 12) int count,
            @ForAll @IntRange(min = 0, max = 11) int which,
            @ForAll @IntRange(min = 1, max = 65_535) int port) {
        List<Instance> before = instances(count, port);
        Instance gone = before.get(which % count);
        List<Instance> after = new ArrayList<>(before);
        after.remove(gone);

        Map<String, Instance> old = owners(before);
        owners(after).forEach((bucket, now) -> {
            Instance then = old.get(bucket);
            assertThat(now.equals(then) || gone.equals(then)).isTrue();
        });
    }

    @Property(tries = 50)
    void oneThatJoins_takesItsFairShareAndMovesNothingElse(
            @ForAll @IntRange(min = 1, max = 11) int count, @ForAll @IntRange(min = 1, max = 65_535) int port) {
        List<Instance> before = instances(count, port);
        Instance joins = Instance.of(Scheme.RSOCKET, "new", port);
        List<Instance> after = new ArrayList<>(before);
        after.add(joins);

        Map<String, Instance> old = owners(before);
        Map<String, Instance> moved = new HashMap<>(owners(after));
        moved.entrySet().removeIf(entry -> entry.getValue().equals(old.get(entry.getKey())));

        assertThat(moved.values()).containsOnly(joins);
        assertFair(moved.size(), 1.0 / (count + 1));
    }

    @Property(tries = 50)
    void each_hasItsFairShare(
            @ForAll @IntRange(min = 2, max = 12) int count, @ForAll @IntRange(min = 1, max = 65_535) int port) {
        List<Instance> all = instances(count, port);
        Map<String, Instance> owners = owners(all);

        all.forEach(instance -> assertFair(had(owners, instance), 1.0 / count));
    }

    @Example
    void weights_divideTheBuckets() {
        List<Instance> all = instances(3, 7000);
        Instance heavy = all.get(0).withWeight(3);
        all.set(0, heavy);

        assertFair(had(owners(all), heavy), 3.0 / 5);
    }

    @Example
    void score_isWhatClientsInOtherLanguagesCompute() {
        Instance instance = Instance.of(Scheme.RSOCKET, "10.0.0.1", 7000);

        assertThat(Rendezvous.score("user-1", instance)).isCloseTo(1.3453631384832705, within(1e-12));
    }

    /** Within five standard deviations: a fair hash fails once in millions of times, and jqwik repeats what fails. */
    private static void assertFair(long got, double share) {
        double deviation = Math.sqrt(BUCKETS * share * (1 - share));
        assertThat((double) got).isBetween(BUCKETS * share - 5 * deviation, BUCKETS * share + 5 * deviation);
    }
}
