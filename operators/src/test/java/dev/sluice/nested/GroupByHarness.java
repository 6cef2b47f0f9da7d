package dev.sluice.nested;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.reactivestreams.Publisher;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Groups by the first letter, under virtual time, and remembers what is dropped. */
abstract class GroupByHarness {

    static final Duration TWICE_THE_TIMEOUT = Duration.ofSeconds(60);

    final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    final ConcurrentLinkedQueue<GroupDrop> drops = new ConcurrentLinkedQueue<>();

    /** Options under virtual time that remember what is dropped. */
    GroupOptions.Builder options() {
        return GroupOptions.builder().scheduler(time).onDrop(drops::add);
    }

    /** Keeps groups, subscribes to none by itself. */
    static final class Groups extends Collector<Group<String, String>> {
        Collector<String> subscribe(String key) {
            return subscribe(key, Long.MAX_VALUE);
        }

        Collector<String> subscribe(String key, long demand) {
            Collector<String> below = new Collector<>();
            last(key).subscribe(below);
            return demand == 0 ? below : below.request(demand);
        }

        Group<String, String> last(String key) {
            return elements.stream()
                    .filter(group -> group.key().equals(key))
                    .reduce((first, second) -> second)
                    .orElseThrow(() -> new AssertionError("no group " + key));
        }

        List<String> keys() {
            return elements.stream().map(Group::key).toList();
        }
    }

    Groups groupBy(Publisher<String> source, GroupOptions options) {
        Groups groups = new Groups();
        NestedFlux.<String, String>groupBy(source, element -> element.substring(0, 1), options)
                .subscribe(groups);
        return groups;
    }

    long dropped(GroupDrop.Reason reason) {
        return drops.stream()
                .filter(drop -> drop.reason() == reason)
                .mapToLong(GroupDrop::count)
                .sum();
    }
}
