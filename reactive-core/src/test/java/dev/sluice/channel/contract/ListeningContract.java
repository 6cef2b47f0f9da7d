package dev.sluice.channel.contract;

import static dev.sluice.channel.contract.Fixture.LONG;
import static dev.sluice.channel.contract.Fixture.eventually;
import static dev.sluice.channel.contract.Fixture.sendNow;
import static dev.sluice.channel.contract.Fixture.stats;
import static dev.sluice.channel.contract.Fixture.subscribe;
import static dev.sluice.channel.contract.Fixture.take;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.SlowReceiverException;
import dev.sluice.channel.Channel;
import dev.sluice.channel.ChannelOptions;
import dev.sluice.channel.Entry;
import dev.sluice.channel.ListenOptions;
import dev.sluice.channel.Overflow;
import dev.sluice.channel.Position;
import dev.sluice.channel.Retention;
import dev.sluice.channel.SendResult;
import dev.sluice.channel.WhenNoGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.subscriber.TestSubscriber;

/** Listeners: see everything from a position on, take nothing away, each with its own policy when slow. */
interface ListeningContract extends Fixture {

    private Channel<Integer> topic(int capacity, Retention retention) {
        return open(ChannelOptions.builder()
                .capacity(capacity)
                .retention(retention)
                .whenNoGroup(WhenNoGroup.DISCARD)
                .build());
    }

    @Test
    default void listen_latest_seesWhatComesAndTakesNothingAway() {
        Channel<Integer> channel = open(10);
        sendNow(channel, 1);
        TestSubscriber<Integer> a = subscribe(channel.listen());
        TestSubscriber<Integer> b = subscribe(channel.listen());

        sendNow(channel, 2, 3);

        eventually(() -> assertThat(a.getReceivedOnNext()).containsExactly(2, 3));
        eventually(() -> assertThat(b.getReceivedOnNext()).containsExactly(2, 3));
        assertThat(take(channel, 3)).containsExactly(1, 2, 3);
        assertThat(stats(channel).listeners()).isEqualTo(2);
        assertThat(stats(channel).listened()).isEqualTo(4);
    }

    @Test
    default void listen_earliest_replaysThenGoesOnLive() {
        Channel<Integer> channel = topic(10, Retention.last(3));
        sendNow(channel, 1, 2, 3, 4, 5);

        TestSubscriber<Integer> late = subscribe(channel.listen(Position.earliest()));
        sendNow(channel, 6);

        eventually(() -> assertThat(late.getReceivedOnNext()).containsExactly(3, 4, 5, 6));
    }

    @Test
    default void listen_fromAnOffset_resumesAfterIt() {
        Channel<Integer> channel = topic(10, Retention.all());
        sendNow(channel, 1, 2, 3, 4);
        List<Entry<Integer>> seen = take(channel.listenEntries(Position.earliest(), ListenOptions.defaults()), 2);

        List<Entry<Integer>> rest =
                take(channel.listenEntries(Position.offset(seen.get(1).offset() + 1), ListenOptions.defaults()), 2);

        assertThat(seen).extracting(Entry::value).containsExactly(1, 2);
        assertThat(rest).extracting(Entry::value).containsExactly(3, 4);
        assertThat(rest.get(0).offset()).isGreaterThan(seen.get(1).offset());
    }

    @Test
    default void listen_fromAnOffsetNoLongerRetained_beginsAtTheEarliest() {
        Channel<Integer> channel = topic(10, Retention.last(2));
        sendNow(channel, 1, 2, 3, 4);

        assertThat(take(channel.listen(Position.offset(0)), 2)).containsExactly(3, 4);
    }

    @Test
    default void listen_offsets_areTheSameForAllAndGrow() {
        Channel<Integer> channel = topic(10, Retention.all());
        TestSubscriber<Entry<Integer>> live =
                subscribe(channel.listenEntries(Position.latest(), ListenOptions.defaults()));
        sendNow(channel, 1, 2, 3);
        eventually(() -> assertThat(live.getReceivedOnNext()).hasSize(3));

        List<Entry<Integer>> replayed = take(channel.listenEntries(Position.earliest(), ListenOptions.defaults()), 3);

        assertThat(replayed).isEqualTo(live.getReceivedOnNext());
        assertThat(replayed).extracting(Entry::offset).containsExactly(0L, 1L, 2L);
        assertThat(stats(channel).nextOffset()).isEqualTo(3);
    }

    @Test
    default void listen_whileElementsAreSent_hasNoGapAndNoRepetition() {
        int count = 5_000;
        Channel<Integer> channel = topic(64, Retention.all());
        List<TestSubscriber<Integer>> listeners = new ArrayList<>();
        Thread sender = new Thread(() -> channel.sendAll(Flux.range(0, count)).block(LONG));
        sender.start();
        for (int i = 0; i < 10; i++) {
            listeners.add(subscribe(channel.listen(Position.earliest())));
        }

        eventually(() -> assertThat(listeners)
                .allSatisfy(l -> assertThat(l.getReceivedOnNext()).hasSize(count)));

        List<Integer> all = IntStream.range(0, count).boxed().toList();
        assertThat(listeners).allSatisfy(l -> assertThat(l.getReceivedOnNext()).isEqualTo(all));
    }

    @Test
    default void listen_slowWithBackpressure_holdsSendersBackAndMissesNothing() {
        Channel<Integer> channel = topic(4, Retention.none());
        TestSubscriber<Integer> slow = subscribe(channel.listen(), 0);
        int sent = 0;
        while (channel.trySend(sent) == SendResult.ACCEPTED) {
            sent++;
            assertThat(sent).isLessThan(1_000);
        }

        slow.request(Long.MAX_VALUE);

        List<Integer> all = IntStream.range(0, sent).boxed().toList();
        assertThat(all).isNotEmpty();
        eventually(() -> assertThat(slow.getReceivedOnNext()).isEqualTo(all));
        eventually(() -> assertThat(channel.trySend(0)).isEqualTo(SendResult.ACCEPTED));
    }

    @Test
    default void listen_slowWithBackpressure_cancel_freesSenders() {
        Channel<Integer> channel = topic(1, Retention.none());
        TestSubscriber<Integer> slow = subscribe(channel.listen(), 0);
        sendNow(channel, 1);
        TestSubscriber<Void> waiting = subscribe(channel.send(2));
        assertThat(waiting.isTerminated()).isFalse();

        slow.cancel();

        eventually(() -> assertThat(waiting.isTerminatedComplete()).isTrue());
    }

    @Test
    default void listen_slowWithDropOldest_seesTheNewest() {
        Channel<Integer> channel = topic(2, Retention.none());
        TestSubscriber<Integer> slow =
                subscribe(channel.listen(Position.latest(), new ListenOptions(Overflow.DROP_OLDEST, 3)), 0);

        sendNow(channel, 1, 2, 3, 4, 5);
        slow.request(10);

        eventually(() -> assertThat(slow.getReceivedOnNext()).containsExactly(3, 4, 5));
    }

    @Test
    default void listen_slowWithDropLatest_seesTheOldest() {
        Channel<Integer> channel = topic(2, Retention.none());
        TestSubscriber<Integer> slow =
                subscribe(channel.listen(Position.latest(), new ListenOptions(Overflow.DROP_LATEST, 3)), 0);

        sendNow(channel, 1, 2, 3, 4, 5);
        slow.request(10);

        eventually(() -> assertThat(slow.getReceivedOnNext()).containsExactly(1, 2, 3));
        sendNow(channel, 6);
        eventually(() -> assertThat(slow.getReceivedOnNext()).containsExactly(1, 2, 3, 6));
    }

    @Test
    default void listen_slowWithFail_failsAlone() {
        Channel<Integer> channel = topic(2, Retention.none());
        TestSubscriber<Integer> slow =
                subscribe(channel.listen(Position.latest(), new ListenOptions(Overflow.FAIL, 3)), 0);
        TestSubscriber<Integer> healthy = subscribe(channel.listen());

        sendNow(channel, 1, 2, 3, 4, 5);

        eventually(() -> assertThat(Fixture.errorOf(slow))
                .isInstanceOf(SlowReceiverException.class)
                .hasMessageContaining("3"));
        eventually(() -> assertThat(healthy.getReceivedOnNext()).containsExactly(1, 2, 3, 4, 5));
    }
}
