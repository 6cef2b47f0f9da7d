package dev.sluice.channel.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sluice.Frame;
import dev.sluice.InvalidNameException;
import dev.sluice.channel.BroadcastOptions;
import dev.sluice.channel.BroadcastResult;
import dev.sluice.channel.BroadcastResult.Outcome;
import dev.sluice.channel.Channel;
import dev.sluice.channel.ChannelOptions;
import dev.sluice.channel.Channels;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.test.subscriber.TestSubscriber;

class BroadcastTest {

    private static final Frame FRAME = Frame.text("news");

    private final Channels channels =
            Channels.inMemory(ChannelOptions.builder().capacity(1).build());

    /** Fills a channel up. */
    private Channel<Frame> full(String name) {
        Channel<Frame> channel = channels.channel(name);
        channel.send(Frame.text("old")).block();
        return channel;
    }

    private static List<String> receive(Channel<Frame> channel, int count) {
        return Objects.requireNonNull(
                channel.receive().take(count).map(Frame::asText).collectList().block(Duration.ofSeconds(30)));
    }

    @Test
    void broadcast_saysChannelByChannelWhatBecameOfIt() {
        channels.channel("subscriber/1");
        full("subscriber/2");
        channels.channel("subscriber/3").close();
        channels.channel("subscriber");
        channels.channel("other");

        BroadcastResult result = channels.broadcast("subscriber/*", FRAME).block();

        assertThat(result.outcomes())
                .containsExactly(
                        Map.entry("subscriber/1", Outcome.ACCEPTED),
                        Map.entry("subscriber/2", Outcome.FULL),
                        Map.entry("subscriber/3", Outcome.CLOSED));
        assertThat(result.total()).isEqualTo(3);
        assertThat(result.count(Outcome.ACCEPTED)).isEqualTo(1);
        assertThat(result.names(Outcome.FULL)).containsExactly("subscriber/2");
        assertThat(result.isComplete()).isFalse();
        assertThat(result.failures()).isEmpty();
        assertThat(result).hasToString("3 channels: 1 accepted, 1 full, 1 closed");
        assertThat(receive(channels.channel("subscriber/1"), 1)).containsExactly("news");
        assertThat(receive(channels.channel("subscriber/2"), 1)).containsExactly("old");
        assertThat(channels.channel("other").stats().block().accepted()).isZero();
    }

    @Test
    void broadcast_isLazyAndSendsPerSubscription() {
        Channel<Frame> channel = channels.create(
                        "a", ChannelOptions.builder().capacity(5).build())
                .block();
        var broadcast = channels.broadcast("", FRAME);
        assertThat(channel.stats().block().accepted()).isZero();

        broadcast.block();
        broadcast.block();

        assertThat(channel.stats().block().accepted()).isEqualTo(2);
    }

    @Test
    void broadcast_toNobody_isComplete() {
        BroadcastResult result = channels.broadcast("nobody", FRAME).block();

        assertThat(result.total()).isZero();
        assertThat(result.isComplete()).isTrue();
        assertThat(result).hasToString("0 channels");
        StepVerifier.create(channels.broadcast("a/../b", FRAME)).verifyError(InvalidNameException.class);
    }

    @Test
    void broadcastWait_waitsForEveryChannelWithoutHoldingUpTheOthers() {
        Channel<Frame> a = full("a");
        Channel<Frame> b = channels.channel("b");
        Channel<Frame> c = full("c");
        TestSubscriber<BroadcastResult> broadcast = TestSubscriber.create();

        channels.broadcast("", FRAME, BroadcastOptions.WAIT).subscribe(broadcast);

        assertThat(receive(b, 1)).containsExactly("news");
        assertThat(receive(c, 2)).containsExactly("old", "news");
        assertThat(broadcast.isTerminated()).isFalse();
        assertThat(receive(a, 2)).containsExactly("old", "news");
        assertThat(broadcast.isTerminatedComplete()).isTrue();
        assertThat(broadcast.getReceivedOnNext().get(0).isComplete()).isTrue();
    }

    @Test
    void broadcastWait_channelIsClosedMeanwhile_isReported() {
        Channel<Frame> channel = full("a");
        TestSubscriber<BroadcastResult> broadcast = TestSubscriber.create();
        channels.broadcast("", FRAME, BroadcastOptions.WAIT).subscribe(broadcast);

        channel.close();

        assertThat(broadcast.getReceivedOnNext().get(0).outcomes()).containsEntry("a", Outcome.CLOSED);
    }

    @Test
    void broadcastWait_cancelled_withdrawsWhereItStillWaits() {
        Channel<Frame> full = full("a");
        Channel<Frame> free = channels.channel("b");
        TestSubscriber<BroadcastResult> broadcast = TestSubscriber.create();
        channels.broadcast("", FRAME, BroadcastOptions.WAIT).subscribe(broadcast);

        broadcast.cancel();

        assertThat(full.stats().block().waitingSends()).isZero();
        assertThat(full.stats().block().withdrawn()).isEqualTo(1);
        assertThat(receive(free, 1)).containsExactly("news");
    }

    @Test
    void broadcastWaitFor_channelThatStaysFull_timesOutAndGetsNothing() {
        VirtualTimeScheduler clock = VirtualTimeScheduler.create();
        Channel<Frame> full = full("a");
        Channel<Frame> freed = full("b");
        TestSubscriber<BroadcastResult> broadcast = TestSubscriber.create();
        channels.broadcast("", FRAME, BroadcastOptions.waitFor(Duration.ofSeconds(5), clock))
                .subscribe(broadcast);

        clock.advanceTimeBy(Duration.ofSeconds(4));
        assertThat(receive(freed, 2)).containsExactly("old", "news");
        assertThat(broadcast.isTerminated()).isFalse();
        clock.advanceTimeBy(Duration.ofSeconds(1));

        assertThat(broadcast.getReceivedOnNext().get(0).outcomes())
                .containsExactly(Map.entry("a", Outcome.TIMED_OUT), Map.entry("b", Outcome.ACCEPTED));
        assertThat(full.stats().block().waitingSends()).isZero();
        assertThat(full.stats().block().buffered()).isEqualTo(1);
    }

    @Test
    void waitFor_noTime_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BroadcastOptions.waitFor(Duration.ZERO))
                .withMessageContaining("NO_WAIT");
    }

    /** The deadline and the receivers race: what is reported is what happened. */
    @RepeatedTest(200)
    void broadcastWaitFor_deadlineRacesReceivers_reportsTheTruth() {
        VirtualTimeScheduler clock = VirtualTimeScheduler.create();
        for (int i = 0; i < 8; i++) {
            full("c/" + i);
        }
        TestSubscriber<BroadcastResult> broadcast = TestSubscriber.create();
        channels.broadcast("", FRAME, BroadcastOptions.waitFor(Duration.ofSeconds(1), clock))
                .subscribe(broadcast);

        CompletableFuture<Void> deadline = CompletableFuture.runAsync(() -> clock.advanceTimeBy(Duration.ofSeconds(1)));
        for (int i = 7; i >= 0; i--) {
            receive(channels.channel("c/" + i), 1);
        }
        deadline.join();

        broadcast.block(Duration.ofSeconds(30));
        Map<String, Outcome> happened = new HashMap<>();
        channels.stats("")
                .toIterable()
                .forEach(stats ->
                        happened.put(stats.name(), stats.accepted() == 2 ? Outcome.ACCEPTED : Outcome.TIMED_OUT));
        assertThat(broadcast.getReceivedOnNext().get(0).outcomes()).isEqualTo(happened);
    }
}
