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
import dev.sluice.channel.GroupOptions;
import dev.sluice.channel.Overflow;
import dev.sluice.channel.Position;
import dev.sluice.channel.SendResult;
import dev.sluice.channel.WhenNoGroup;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import reactor.test.subscriber.TestSubscriber;

/** Groups: each sees every element once, members compete, the slowest pushes back or sheds. */
interface GroupContract extends Fixture {

    @Test
    default void receive_groups_eachSeeEveryElementOnce() {
        Channel<Integer> channel = open(10);
        TestSubscriber<Integer> a = subscribe(channel.receive("a"));
        TestSubscriber<Integer> b1 = subscribe(channel.receive("b"));
        TestSubscriber<Integer> b2 = subscribe(channel.receive("b"));

        sendNow(channel, 1, 2, 3, 4);

        eventually(() -> assertThat(a.getReceivedOnNext()).containsExactly(1, 2, 3, 4));
        eventually(() -> assertThat(List.of(b1, b2))
                .flatExtracting(TestSubscriber::getReceivedOnNext)
                .containsExactlyInAnyOrder(1, 2, 3, 4));
        assertThat(b1.getReceivedOnNext()).hasSize(2);
    }

    @Test
    default void receive_slowestGroup_holdsSendersBack() {
        Channel<Integer> channel = open(2);
        TestSubscriber<Integer> fast = subscribe(channel.receive("fast"));
        TestSubscriber<Integer> slow = subscribe(channel.receive("slow"), 0);
        sendNow(channel, 1, 2);

        assertThat(channel.trySend(3)).isEqualTo(SendResult.FULL);
        TestSubscriber<Void> waiting = subscribe(channel.send(3));
        assertThat(waiting.isTerminated()).isFalse();
        slow.request(1);

        eventually(() -> assertThat(waiting.isTerminatedComplete()).isTrue());
        eventually(() -> assertThat(fast.getReceivedOnNext()).containsExactly(1, 2, 3));
        assertThat(slow.getReceivedOnNext()).containsExactly(1);
    }

    @Test
    default void group_withoutMembers_keepsItsBacklog() {
        Channel<Integer> channel = open(5);
        TestSubscriber<Integer> member = subscribe(channel.receive("g"), 1);
        sendNow(channel, 1, 2);
        eventually(() -> assertThat(member.getReceivedOnNext()).containsExactly(1));
        member.cancel();

        sendNow(channel, 3);

        assertThat(take(channel.receive("g"), 2)).containsExactly(2, 3);
    }

    @Test
    default void createGroup_beforeAnybodyJoins_missesNothing() {
        Channel<Integer> channel = open(5);
        TestSubscriber<Integer> other = subscribe(channel.receive("other"));

        assertThat(channel.createGroup("later", GroupOptions.defaults()).block(LONG))
                .isTrue();
        sendNow(channel, 1, 2);

        eventually(() -> assertThat(other.getReceivedOnNext()).containsExactly(1, 2));
        assertThat(take(channel.receive("later"), 2)).containsExactly(1, 2);
    }

    @Test
    default void createGroup_thatExists_isFalseAndChangesNothing() {
        Channel<Integer> channel = open(2);
        channel.createGroup("g", GroupOptions.defaults()).block(LONG);

        assertThat(channel.createGroup("g", GroupOptions.overflow(Overflow.DROP_LATEST))
                        .block(LONG))
                .isFalse();

        sendNow(channel, 1, 2);
        assertThat(channel.trySend(3)).isEqualTo(SendResult.FULL);
    }

    @Test
    default void createGroup_notSubscribed_createsNothing() {
        Channel<Integer> channel = open(2);

        channel.createGroup("g", GroupOptions.defaults());

        assertThat(stats(channel).groups()).isEmpty();
    }

    @Test
    default void receive_groupJoinedLater_seesWhatIsSentFromThenOn() {
        Channel<Integer> channel = open(5);
        TestSubscriber<Integer> first = subscribe(channel.receive("first"));
        sendNow(channel, 1, 2);
        eventually(() -> assertThat(first.getReceivedOnNext()).hasSize(2));
        TestSubscriber<Integer> second = subscribe(channel.receive("second"));

        sendNow(channel, 3);

        eventually(() -> assertThat(second.getReceivedOnNext()).containsExactly(3));
    }

    @Test
    default void removeGroup_completesMembersAndFreesSenders() {
        Channel<Integer> channel = open(1);
        TestSubscriber<Integer> stays = subscribe(channel.receive("stays"));
        TestSubscriber<Integer> goes = subscribe(channel.receive("goes"), 0);
        sendNow(channel, 1);
        TestSubscriber<Void> waiting = subscribe(channel.send(2));
        assertThat(waiting.isTerminated()).isFalse();

        assertThat(channel.removeGroup("goes").block(LONG)).isTrue();

        eventually(() -> assertThat(goes.isTerminatedComplete()).isTrue());
        assertThat(goes.getReceivedOnNext()).isEmpty();
        eventually(() -> assertThat(waiting.isTerminatedComplete()).isTrue());
        eventually(() -> assertThat(stays.getReceivedOnNext()).containsExactly(1, 2));
        assertThat(channel.removeGroup("goes").block(LONG)).isFalse();
    }

    @Test
    default void removeGroup_theLast_discardsItsBacklog() {
        List<Object> discarded = new CopyOnWriteArrayList<>();
        Channel<Integer> channel = open(
                ChannelOptions.builder().capacity(5).onDiscard(discarded::add).build());
        channel.createGroup("g", GroupOptions.defaults()).block(LONG);
        sendNow(channel, 1, 2);

        channel.removeGroup("g").block(LONG);

        eventually(() -> assertThat(discarded).hasSize(2));
        assertThat(stats(channel).buffered()).isZero();
        sendNow(channel, 3);
        assertThat(take(channel, 1)).containsExactly(3);
    }

    @Test
    default void noGroup_hold_elementsWaitForTheFirst() {
        Channel<Integer> channel = open(2);
        sendNow(channel, 1, 2);
        assertThat(channel.trySend(3)).isEqualTo(SendResult.FULL);

        assertThat(take(channel.receive("first"), 2)).containsExactly(1, 2);
    }

    @Test
    default void noGroup_discard_elementsAreDroppedAndCounted() {
        List<Object> discarded = new CopyOnWriteArrayList<>();
        Channel<Integer> channel = open(ChannelOptions.builder()
                .capacity(2)
                .whenNoGroup(WhenNoGroup.DISCARD)
                .onDiscard(discarded::add)
                .build());

        sendNow(channel, 1, 2, 3, 4, 5);

        eventually(() -> assertThat(stats(channel).dropped()).isEqualTo(5));
        assertThat(stats(channel).accepted()).isEqualTo(5);
        assertThat(discarded).hasSize(5);
        TestSubscriber<Integer> receiver = subscribe(channel.receive());
        sendNow(channel, 6);
        eventually(() -> assertThat(receiver.getReceivedOnNext()).containsExactly(6));
    }

    @Test
    default void overflow_dropOldest_keepsTheNewest() {
        Channel<Integer> channel = open(2);
        sheddingGroup(channel, Overflow.DROP_OLDEST, 3);

        sendNow(channel, 1, 2, 3, 4, 5);

        assertThat(take(channel.receive("g"), 3)).containsExactly(3, 4, 5);
        assertThat(stats(channel).dropped()).isEqualTo(2);
        assertThat(stats(channel).groups().get(0).dropped()).isEqualTo(2);
    }

    @Test
    default void overflow_dropLatest_keepsTheOldest() {
        Channel<Integer> channel = open(2);
        sheddingGroup(channel, Overflow.DROP_LATEST, 3);

        sendNow(channel, 1, 2, 3, 4, 5);

        assertThat(take(channel.receive("g"), 3)).containsExactly(1, 2, 3);
        assertThat(stats(channel).dropped()).isEqualTo(2);
    }

    @Test
    default void overflow_fail_failsTheMembersAndNobodyElse() {
        Channel<Integer> channel = open(10);
        TestSubscriber<Integer> healthy = subscribe(channel.receive("healthy"));
        sheddingGroup(channel, Overflow.FAIL, 2);
        TestSubscriber<Integer> slow = subscribe(channel.receive("g"), 0);

        sendNow(channel, 1, 2, 3, 4);

        eventually(() -> assertThat(Fixture.errorOf(slow)).isInstanceOf(SlowReceiverException.class));
        eventually(() -> assertThat(healthy.getReceivedOnNext()).containsExactly(1, 2, 3, 4));
    }

    private static void sheddingGroup(Channel<Integer> channel, Overflow overflow, int buffer) {
        channel.createGroup("g", new GroupOptions(overflow, buffer, Position.earliest()))
                .block(LONG);
    }
}
