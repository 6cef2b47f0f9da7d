package dev.sluice.pipes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.Frame;
import dev.sluice.channel.ChannelStats;
import dev.sluice.channel.Delivery;
import dev.sluice.rsocket.channel.CutProxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/**
 * Two senders of one destination, two groups, members who come and go, acknowledge, give back, or leave with what they have, and connections that are
 * cut. In the end each group has acknowledged each frame, and nobody got twice what was not marked.
 */
class PipesConservationTest extends PipesFixture {

    private static final int FRAMES = 2_000;
    private static final List<String> GROUPS = List.of("billing", "audit");

    private final Map<String, Set<String>> acknowledged = new ConcurrentHashMap<>();
    private final Map<String, Set<String>> unmarked = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<String> twice = new ConcurrentLinkedQueue<>();

    /** Does to each delivery what chance says, at once or later. */
    private final class Fickle extends BaseSubscriber<Delivery<Frame>> {
        private final String group;
        private final Random chance;

        Fickle(String group, long seed) {
            this.group = group;
            this.chance = new Random(seed);
        }

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            subscription.request(1 + chance.nextInt(20));
        }

        @Override
        protected void hookOnNext(Delivery<Frame> delivery) {
            String text = delivery.value().asText();
            if (!delivery.redelivered() && !unmarked.get(group).add(text)) {
                twice.add(group + " " + text);
            }
            switch (chance.nextInt(10)) {
                case 0 -> delivery.nack();
                case 1, 2 -> later(() -> settle(delivery));
                default -> settle(delivery);
            }
            request(1);
        }

        private void later(Runnable work) {
            Schedulers.parallel().schedule(work, chance.nextInt(20), TimeUnit.MILLISECONDS);
        }

        private void settle(Delivery<Frame> delivery) {
            if (delivery.ack()) {
                acknowledged.get(group).add(delivery.value().asText());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void everyGroup_acknowledgesEveryFrame(long seed) {
        GROUPS.forEach(group -> {
            acknowledged.put(group, ConcurrentHashMap.newKeySet());
            unmarked.put(group, ConcurrentHashMap.newKeySet());
        });
        Random chance = new Random(seed);
        List<Destination> senders = new ArrayList<>();
        List<CutProxy> proxies = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            CutProxy proxy = new CutProxy();
            Pipes node = node(directory, options -> options.advertise("127.0.0.1", proxy.port()));
            senders.add(registered(node, "orders"));
            proxy.to(node.listeningPort());
            proxies.add(proxy);
        }
        Pipes members = node();
        List<Fickle> present = new ArrayList<>();
        GROUPS.forEach(group -> present.add(join(members, group, chance)));
        // A group has what is sent from when its pipe is there.
        await().atMost(LONG)
                .until(() -> senders.stream()
                        .allMatch(sender -> stats(sender).groups().size() == GROUPS.size()));
        for (int i = 0; i < 2; i++) {
            String sender = (i == 0 ? "north " : "south ");
            senders.get(i)
                    .sendAll(Flux.range(0, FRAMES).map(number -> Frame.text(sender + number)))
                    .subscribe();
        }

        long rounds = 0;
        while (!isThrough(senders) && rounds++ < 400) {
            switch (chance.nextInt(8)) {
                case 0 -> proxies.get(chance.nextInt(2)).cut();
                case 1, 2 -> present.remove(chance.nextInt(present.size())).cancel();
                default -> {}
            }
            while (present.size() < 4) {
                present.add(join(members, GROUPS.get(chance.nextInt(2)), chance));
            }
        }
        // From here on each group has a member that stays.
        GROUPS.forEach(group -> present.add(join(members, group, chance)));

        await().atMost(LONG).until(() -> isThrough(senders));
        GROUPS.forEach(group -> await().atMost(LONG)
                .untilAsserted(() -> assertThat(acknowledged.get(group).size()).isEqualTo(2 * FRAMES)));
        present.forEach(Fickle::cancel);
        proxies.forEach(CutProxy::close);
        assertThat(twice).isEmpty();
    }

    private Fickle join(Pipes members, String group, Random chance) {
        Fickle member = new Fickle(group, chance.nextLong());
        members.group("orders", group).join().subscribe(member);
        return member;
    }

    private static boolean isThrough(List<Destination> senders) {
        return senders.stream().allMatch(sender -> {
            ChannelStats stats = stats(sender);
            return stats.accepted() == FRAMES
                    && stats.groups().size() == GROUPS.size()
                    && stats.groups().stream().allMatch(group -> group.acknowledged() == FRAMES);
        });
    }
}
