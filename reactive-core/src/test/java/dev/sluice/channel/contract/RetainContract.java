package dev.sluice.channel.contract;

import static dev.sluice.channel.contract.Fixture.LONG;
import static dev.sluice.channel.contract.Fixture.eventually;
import static dev.sluice.channel.contract.Fixture.sendNow;
import static dev.sluice.channel.contract.Fixture.stats;
import static dev.sluice.channel.contract.Fixture.subscribe;
import static dev.sluice.channel.contract.Fixture.take;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.sluice.channel.Channel;
import dev.sluice.channel.ChannelOptions;
import dev.sluice.channel.Delivery;
import dev.sluice.channel.Position;
import dev.sluice.channel.Retention;
import dev.sluice.channel.SendResult;
import dev.sluice.channel.WhenNoGroup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.test.subscriber.TestSubscriber;

/** What a channel in use retains is changed. */
public interface RetainContract extends Fixture {

    private static ChannelOptions.Builder topic(Retention retention) {
        return ChannelOptions.builder().capacity(8).retention(retention).whenNoGroup(WhenNoGroup.DISCARD);
    }

    private static void retain(Channel<?> channel, Retention retention) {
        channel.retain(retention).block(LONG);
    }

    /** What a listener from the earliest position sees at once. */
    private static List<Integer> kept(Channel<Integer> channel) {
        TestSubscriber<Integer> listener = subscribe(channel.listen(Position.earliest()));
        listener.cancel();
        return listener.getReceivedOnNext();
    }

    private static int[] range(int from, int to) {
        return IntStream.range(from, to).toArray();
    }

    private static List<Integer> numbers(int from, int to) {
        return IntStream.range(from, to).boxed().toList();
    }

    @Test
    default void retain_none_forgetsWhatIsKept() {
        Channel<Integer> channel = open(topic(Retention.all()).build());
        sendNow(channel, 1, 2);
        assertThat(kept(channel)).containsExactly(1, 2);

        retain(channel, Retention.none());

        assertThat(stats(channel).retained()).isZero();
        assertThat(kept(channel)).isEmpty();
        sendNow(channel, 3);
        assertThat(kept(channel)).isEmpty();
    }

    @Test
    default void retain_none_takesNothingFromAReceiver() {
        Channel<Integer> channel = open(topic(Retention.last(1)).build());
        TestSubscriber<Integer> slow = subscribe(channel.receive("slow"), 1);
        sendNow(channel, 1, 2, 3);

        retain(channel, Retention.none());

        assertThat(stats(channel).retained()).isZero();
        slow.request(9);
        eventually(() -> assertThat(slow.getReceivedOnNext()).containsExactly(1, 2, 3));
    }

    @Test
    default void retain_afterNone_keepsWhatReceiversHaveYetToTakeAndWhatComes() {
        Channel<Integer> channel = open(8);
        TestSubscriber<Integer> slow = subscribe(channel.receive("slow"), 2);
        sendNow(channel, 1, 2, 3, 4);

        retain(channel, Retention.last(10));
        sendNow(channel, 5);

        assertThat(kept(channel)).containsExactly(3, 4, 5);
        slow.request(9);
        eventually(() -> assertThat(slow.getReceivedOnNext()).containsExactly(1, 2, 3, 4, 5));
        assertThat(kept(channel)).containsExactly(3, 4, 5);
        assertThat(stats(channel).retained()).isEqualTo(3);
    }

    @Test
    default void retain_last_limitsWhatReceiversHaveYetToTakeToo() {
        Channel<Integer> channel = open(8);
        TestSubscriber<Integer> slow = subscribe(channel.receive("slow"), 0);
        sendNow(channel, 1, 2, 3, 4);

        retain(channel, Retention.last(2));

        assertThat(kept(channel)).containsExactly(3, 4);
        slow.request(9);
        eventually(() -> assertThat(slow.getReceivedOnNext()).containsExactly(1, 2, 3, 4));
    }

    @Test
    default void retain_fewer_letsTheRestGo_andMore_keepsWhatIsThere() {
        Channel<Integer> channel = open(topic(Retention.all()).build());
        sendNow(channel, range(0, 2_000));

        retain(channel, Retention.last(3));
        assertThat(stats(channel).retained()).isEqualTo(3);
        assertThat(kept(channel)).containsExactly(1_997, 1_998, 1_999);

        retain(channel, Retention.all());
        sendNow(channel, 2_000, 2_001);
        assertThat(kept(channel)).isEqualTo(numbers(1_997, 2_002));
    }

    @Test
    default void retain_bytes_countsWhatCameBeforeWithItsSize() {
        Channel<Integer> channel = openMeasured(topic(Retention.all()).build());
        sendNow(channel, 1, 2, 3, 4);

        retain(channel, Retention.bytes(11));

        assertThat(kept(channel)).containsExactly(3, 4);
        sendNow(channel, 5);
        assertThat(kept(channel)).containsExactly(4, 5);
        retain(channel, Retention.last(1));
        assertThat(kept(channel)).containsExactly(5);
    }

    @Test
    default void retain_forLast_countsWhatCameBeforeAsAcceptedAtTheChange() {
        VirtualTimeScheduler clock = VirtualTimeScheduler.create();
        Channel<Integer> channel = open(topic(Retention.all()).clock(clock).build());
        TestSubscriber<Integer> slow = subscribe(channel.receive("slow"), 2);
        sendNow(channel, 1, 2, 3);
        clock.advanceTimeBy(Duration.ofHours(1));

        retain(channel, Retention.forLast(Duration.ofMinutes(10)));

        clock.advanceTimeBy(Duration.ofMinutes(6));
        sendNow(channel, 4);
        assertThat(kept(channel)).containsExactly(1, 2, 3, 4);
        clock.advanceTimeBy(Duration.ofMinutes(5));
        assertThat(kept(channel)).containsExactly(4);
        slow.request(9);
        eventually(() -> assertThat(slow.getReceivedOnNext()).containsExactly(1, 2, 3, 4));
        clock.advanceTimeBy(Duration.ofMinutes(6));
        assertThat(kept(channel)).isEmpty();
    }

    @Test
    default void retain_fromOneTimeToAnother_countsFromWhenElementsCame() {
        VirtualTimeScheduler clock = VirtualTimeScheduler.create();
        Channel<Integer> channel = open(
                topic(Retention.forLast(Duration.ofMinutes(10))).clock(clock).build());
        sendNow(channel, 1);
        clock.advanceTimeBy(Duration.ofMinutes(6));
        sendNow(channel, 2);

        retain(channel, Retention.forLast(Duration.ofMinutes(5)));

        assertThat(kept(channel)).containsExactly(2);
        retain(channel, Retention.last(5));
        sendNow(channel, 3);
        clock.advanceTimeBy(Duration.ofMinutes(1));
        retain(channel, Retention.forLast(Duration.ofMinutes(5)));
        clock.advanceTimeBy(Duration.ofSeconds(299));
        assertThat(kept(channel))
                .as("of the time that is known, and of the change")
                .containsExactly(3);
        retain(channel, Retention.forLast(Duration.ofMinutes(6)));
        clock.advanceTimeBy(Duration.ofSeconds(2));
        assertThat(kept(channel)).containsExactly(3);
        clock.advanceTimeBy(Duration.ofMinutes(1));
        assertThat(kept(channel)).isEmpty();
    }

    @Test
    default void retain_none_whileSomebodyReplays_givesHimAllHeWasPromised() {
        Channel<Integer> channel = open(topic(Retention.all()).build());
        TestSubscriber<Integer> slow = subscribe(channel.receive("slow"), 4);
        sendNow(channel, range(0, 8));
        TestSubscriber<Integer> late = subscribe(channel.listen(Position.earliest()), 2);

        retain(channel, Retention.none());
        slow.request(Long.MAX_VALUE);
        // Whatever nobody needs any more is let go at the latest now.
        channel.resize(9).block(LONG);
        sendNow(channel, 8, 9);
        late.request(Long.MAX_VALUE);

        eventually(() -> assertThat(late.getReceivedOnNext()).isEqualTo(numbers(0, 10)));
        sendNow(channel, 10);
        eventually(() -> assertThat(late.getReceivedOnNext()).isEqualTo(numbers(0, 11)));
        assertThat(slow.getReceivedOnNext()).isEqualTo(numbers(0, 11));
    }

    @Test
    default void retain_noneAndSomethingAgain_whileSomebodyReplays_givesEachWhatHeWasPromised() {
        Channel<Integer> channel = open(topic(Retention.all()).build());
        TestSubscriber<Integer> slow = subscribe(channel.receive("slow"), 4);
        sendNow(channel, range(0, 8));
        TestSubscriber<Integer> late = subscribe(channel.listen(Position.offset(1)), 2);

        retain(channel, Retention.none());
        retain(channel, Retention.last(100));
        TestSubscriber<Integer> later = subscribe(channel.listen(Position.offset(2)), 1);
        slow.request(Long.MAX_VALUE);
        sendNow(channel, 8, 9);
        retain(channel, Retention.last(1));
        later.request(Long.MAX_VALUE);
        late.request(Long.MAX_VALUE);

        eventually(() -> assertThat(late.getReceivedOnNext()).isEqualTo(numbers(1, 10)));
        eventually(() -> assertThat(later.getReceivedOnNext()).isEqualTo(numbers(4, 10)));
        assertThat(kept(channel)).containsExactly(9);
    }

    @Test
    default void retain_none_whileTheOnlyGroupReplays_goesOverIntoTheLiveElements() {
        Channel<Integer> channel = open(topic(Retention.all()).build());
        sendNow(channel, range(0, 20));
        TestSubscriber<Integer> group = subscribe(channel.receive("late"), 5);

        retain(channel, Retention.none());

        group.request(10);
        for (int i = 20; i < 5_000; i++) {
            sendNow(channel, i);
            group.request(1);
        }
        group.request(10);
        eventually(() -> assertThat(group.getReceivedOnNext()).isEqualTo(numbers(0, 5_000)));
        assertThat(channel.trySend(5_000)).isEqualTo(SendResult.ACCEPTED);
    }

    @Test
    default void retain_none_whileTheOnlyGroupReplays_letsOthersComeAndGo() {
        Channel<Integer> channel = open(topic(Retention.all()).build());
        sendNow(channel, range(0, 20));
        TestSubscriber<Integer> group = subscribe(channel.receive("late"), 5);

        retain(channel, Retention.none());
        TestSubscriber<Integer> listener = subscribe(channel.listen());
        sendNow(channel, 20);
        listener.cancel();
        channel.resize(2_000).block(LONG);
        group.request(Long.MAX_VALUE);
        sendNow(channel, 21);

        eventually(() -> assertThat(group.getReceivedOnNext()).isEqualTo(numbers(0, 22)));
        assertThat(listener.getReceivedOnNext()).containsExactly(20);
    }

    @Test
    default void retain_none_leavesADeliveryThatIsOpen() {
        Channel<Integer> channel = open(topic(Retention.all()).build());
        TestSubscriber<Delivery<Integer>> receiver = subscribe(channel.receiveAcked("g"));
        sendNow(channel, 1);
        eventually(() -> assertThat(receiver.getReceivedOnNext()).hasSize(1));

        retain(channel, Retention.none());
        receiver.cancel();

        assertThat(take(channel.receive("g"), 1)).containsExactly(1);
    }

    @Test
    default void retain_keepsTheRoom() {
        Channel<Integer> channel = open(2);
        TestSubscriber<Integer> slow = subscribe(channel.receive(), 0);
        sendNow(channel, 1, 2);
        TestSubscriber<Void> waiting = subscribe(channel.send(3));

        retain(channel, Retention.last(5));
        assertThat(channel.trySend(4)).isEqualTo(SendResult.FULL);
        retain(channel, Retention.none());
        assertThat(channel.trySend(4)).isEqualTo(SendResult.FULL);
        assertThat(waiting.isTerminated()).isFalse();

        slow.request(1);
        eventually(() -> assertThat(waiting.isTerminatedComplete()).isTrue());
        assertThat(channel.trySend(4)).isEqualTo(SendResult.FULL);
        slow.request(9);
        eventually(() -> assertThat(slow.getReceivedOnNext()).containsExactly(1, 2, 3));
    }

    @Test
    default void retain_afterClose_letsGoOfWhatIsKept() {
        Channel<Integer> channel = open(topic(Retention.all()).build());
        sendNow(channel, 1, 2);
        channel.close();

        retain(channel, Retention.last(1));

        assertThat(kept(channel)).containsExactly(2);
    }

    @Test
    default void retain_notSubscribed_changesNothing() {
        Channel<Integer> channel = open(topic(Retention.all()).build());
        sendNow(channel, 1);

        Mono<Void> lazy = channel.retain(Retention.none());

        assertThat(kept(channel)).containsExactly(1);
        lazy.block(LONG);
        assertThat(kept(channel)).isEmpty();
        assertThatNullPointerException().isThrownBy(() -> channel.retain(null)).withMessage("retention");
    }

    /** Whoever listens from the earliest element sees all that follow it, whatever is retained meanwhile. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    default void race_retentionChangesWhileOthersReplay_noGapAndNoRepetition(long seed) throws Exception {
        int count = 6_000;
        Channel<Integer> channel = open((int) (seed % 3) * 5);
        TestSubscriber<Integer> group = subscribe(channel.receive());
        Queue<List<Integer>> wrong = new ConcurrentLinkedQueue<>();
        try (Race race = new Race()) {
            race.meanwhile(retaining(channel, seed));
            race.meanwhile(replaying(channel, wrong, seed));
            race.together(List.of(() -> {
                for (int i = 0; i < count; i++) {
                    channel.send(i).block(LONG);
                }
                channel.close();
                return true;
            }));
        }

        assertThat(wrong).isEmpty();
        eventually(() -> assertThat(group.isTerminatedComplete()).isTrue());
        assertThat(group.getReceivedOnNext()).isEqualTo(numbers(0, count));
    }

    private static Runnable retaining(Channel<Integer> channel, long seed) {
        Random random = new Random(seed);
        List<Retention> choice = List.of(
                Retention.none(),
                Retention.last(7),
                Retention.none(),
                Retention.last(100),
                Retention.forLast(Duration.ofMillis(1)),
                Retention.all());
        return () -> retain(channel, choice.get(random.nextInt(choice.size())));
    }

    private static Runnable replaying(Channel<Integer> channel, Queue<List<Integer>> wrong, long seed) {
        Random random = new Random(seed);
        return () -> {
            int most = 1 + random.nextInt(300);
            int batch = 1 + random.nextInt(20);
            List<Integer> seen = new ArrayList<>(channel.listen(Position.earliest())
                    .limitRate(batch)
                    .take(most)
                    .collectList()
                    .block(LONG));
            if (!seen.isEmpty() && !seen.equals(numbers(seen.get(0), seen.get(0) + seen.size()))) {
                wrong.add(seen);
            }
        };
    }
}
