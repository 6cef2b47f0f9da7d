package dev.sluice.channel.contract;

import static dev.sluice.channel.contract.Fixture.LONG;
import static dev.sluice.channel.contract.Fixture.eventually;
import static dev.sluice.channel.contract.Fixture.sendNow;
import static dev.sluice.channel.contract.Fixture.stats;
import static dev.sluice.channel.contract.Fixture.subscribe;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.channel.Channel;
import dev.sluice.channel.ChannelOptions;
import dev.sluice.channel.ChannelStats;
import dev.sluice.channel.ChannelStats.GroupStats;
import dev.sluice.channel.Delivery;
import dev.sluice.channel.GroupOptions;
import dev.sluice.channel.Overflow;
import dev.sluice.channel.Position;
import org.junit.jupiter.api.Test;
import reactor.core.Scannable;
import reactor.core.publisher.Mono;
import reactor.test.subscriber.TestSubscriber;

/** Counters: readable at any time, and they add up. */
interface StatsContract extends Fixture {

    @Test
    default void stats_ofANewChannel_areZero() {
        Channel<Integer> channel =
                open(ChannelOptions.builder().name("orders").capacity(7).build());

        ChannelStats stats = stats(channel);

        assertThat(stats.name()).isEqualTo("orders");
        assertThat(stats.capacity()).isEqualTo(7);
        assertThat(stats.closed()).isFalse();
        assertThat(stats.groups()).isEmpty();
        assertThat(stats.buffered() + stats.waitingSends() + stats.receivers() + stats.waitingReceivers())
                .isZero();
        assertThat(stats.accepted() + stats.delivered() + stats.listened() + stats.dropped() + stats.withdrawn())
                .isZero();
        assertThat(stats.listeners() + stats.retained() + stats.nextOffset()).isZero();
    }

    @Test
    default void stats_acceptedIsDeliveredPlusBuffered() {
        Channel<Integer> channel = open(3);
        TestSubscriber<Integer> receiver = subscribe(channel.receive(), 2);
        sendNow(channel, 1, 2, 3, 4, 5);
        TestSubscriber<Void> waiting = subscribe(channel.send(6));
        TestSubscriber<Void> withdrawn = subscribe(channel.send(7));
        withdrawn.cancel();

        eventually(() -> assertThat(stats(channel).delivered()).isEqualTo(2));
        ChannelStats stats = stats(channel);
        assertThat(stats.accepted()).isEqualTo(5);
        assertThat(stats.buffered()).isEqualTo(3);
        assertThat(stats.waitingSends()).isEqualTo(1);
        assertThat(stats.withdrawn()).isEqualTo(1);
        assertThat(stats.nextOffset()).isEqualTo(5);
        assertThat(stats.receivers()).isEqualTo(1);
        assertThat(stats.waitingReceivers()).isZero();
        receiver.request(10);
        eventually(() -> assertThat(stats(channel).delivered()).isEqualTo(6));
        assertThat(stats(channel).waitingReceivers()).isEqualTo(1);
        assertThat(waiting.isTerminatedComplete()).isTrue();
    }

    @Test
    default void stats_groups_countForThemselves() {
        Channel<Integer> channel = open(5);
        TestSubscriber<Integer> a = subscribe(channel.receive("a"));
        TestSubscriber<Integer> b = subscribe(channel.receive("b"), 1);
        sendNow(channel, 1, 2, 3);
        eventually(() -> assertThat(a.getReceivedOnNext()).hasSize(3));
        eventually(() -> assertThat(b.getReceivedOnNext()).hasSize(1));

        ChannelStats stats = stats(channel);

        assertThat(stats.groups()).extracting(GroupStats::name).containsExactlyInAnyOrder("a", "b");
        assertThat(group(stats, "a").backlog()).isZero();
        assertThat(group(stats, "a").delivered()).isEqualTo(3);
        assertThat(group(stats, "b").backlog()).isEqualTo(2);
        assertThat(group(stats, "b").delivered()).isEqualTo(1);
        assertThat(stats.buffered()).isEqualTo(2);
        assertThat(stats.delivered()).isEqualTo(4);
    }

    @Test
    default void stats_acknowledged_isTheLowestThatAGroupIsNotThroughWith() {
        Channel<Integer> channel = open(5);
        TestSubscriber<Delivery<Integer>> member = subscribe(channel.receiveAcked("a"), 4);
        TestSubscriber<Integer> plain = subscribe(channel.receive("b"), 3);
        sendNow(channel, 1, 2, 3, 4, 5);
        eventually(() -> assertThat(member.getReceivedOnNext()).hasSize(4));
        eventually(() -> assertThat(plain.getReceivedOnNext()).hasSize(3));

        assertThat(group(stats(channel), "a").acknowledged()).isZero();
        eventually(() -> assertThat(group(stats(channel), "b").acknowledged()).isEqualTo(3));
        member.getReceivedOnNext().get(1).ack();
        member.getReceivedOnNext().get(2).ack();
        assertThat(group(stats(channel), "a").acknowledged()).isZero();
        member.getReceivedOnNext().get(0).ack();
        eventually(() -> assertThat(group(stats(channel), "a").acknowledged()).isEqualTo(3));
        member.getReceivedOnNext().get(3).ack();
        eventually(() -> assertThat(group(stats(channel), "a").acknowledged()).isEqualTo(4));
    }

    @Test
    default void stats_acknowledged_isNotPastWhatWentBack() {
        Channel<Integer> channel = open(5);
        TestSubscriber<Delivery<Integer>> member = subscribe(channel.receiveAcked("a"), 3);
        sendNow(channel, 1, 2, 3);
        eventually(() -> assertThat(member.getReceivedOnNext()).hasSize(3));
        member.getReceivedOnNext().get(0).ack();
        member.getReceivedOnNext().get(2).ack();
        eventually(() -> assertThat(group(stats(channel), "a").acknowledged()).isEqualTo(1));

        member.cancel();

        eventually(() -> assertThat(group(stats(channel), "a").backlog()).isEqualTo(1));
        assertThat(group(stats(channel), "a").acknowledged()).isEqualTo(1);
    }

    @Test
    default void stats_acknowledged_isPastWhatWasShed() {
        Channel<Integer> channel = open(5);
        channel.createGroup("a", new GroupOptions(Overflow.DROP_OLDEST, 1, Position.earliest()))
                .block(LONG);
        sendNow(channel, 1, 2, 3);

        eventually(() -> assertThat(group(stats(channel), "a").dropped()).isEqualTo(2));
        assertThat(group(stats(channel), "a").acknowledged()).isEqualTo(2);
    }

    private static GroupStats group(ChannelStats stats, String name) {
        return stats.groups().stream()
                .filter(group -> group.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    default void stats_areReadAtSubscription() {
        Channel<Integer> channel = open(5);
        Mono<ChannelStats> reading = channel.stats();

        sendNow(channel, 1);

        assertThat(reading.map(ChannelStats::accepted).block(LONG)).isEqualTo(1);
        sendNow(channel, 2);
        assertThat(reading.map(ChannelStats::accepted).block(LONG)).isEqualTo(2);
    }

    @Test
    default void stats_twoReadings_giveRates() {
        Channel<Integer> channel = open(5);
        ChannelStats before = stats(channel);
        sendNow(channel, 1, 2);

        ChannelStats after = stats(channel);

        assertThat(after.since(before).acceptedPerSecond()).isPositive();
        assertThat(after.since(before).deliveredPerSecond()).isZero();
    }

    @Test
    default void scan_tellsNameAndState() {
        Channel<Integer> channel =
                open(ChannelOptions.builder().name("orders").capacity(7).build());
        sendNow(channel, 1, 2);
        stats(channel); // What a handle of a channel elsewhere knows of it is what it has read last.

        assertThat(channel.name()).isEqualTo("orders");
        assertThat(channel.scan(Scannable.Attr.NAME)).isEqualTo("orders");
        assertThat(channel.scan(Scannable.Attr.CAPACITY)).isEqualTo(7);
        assertThat(channel.scan(Scannable.Attr.BUFFERED)).isEqualTo(2);
        assertThat(channel.scan(Scannable.Attr.TERMINATED)).isFalse();
        channel.close();
        assertThat(channel.scan(Scannable.Attr.TERMINATED)).isTrue();
    }
}
