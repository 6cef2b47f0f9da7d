package dev.sluice.switching;

import static dev.sluice.switching.Ends.LONG;
import static dev.sluice.switching.Ends.channel;
import static dev.sluice.switching.Ends.drain;
import static dev.sluice.switching.Ends.sendNow;
import static dev.sluice.switching.Ends.subscribe;
import static dev.sluice.switching.Ends.take;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.ChannelClosedException;
import dev.sluice.Codec;
import dev.sluice.channel.Channel;
import dev.sluice.channel.SendResult;
import dev.sluice.channel.Sender;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.subscriber.TestSubscriber;

/** Targets that share no lock with others: views, and what is elsewhere. */
class OtherSendersTest {

    private final Remote remote = new Remote();
    private final Channel<Integer> mesh = channel("mesh", 4);
    private final SwitchableSink<Integer> sink = SwitchableSink.create("grpc", remote);

    private static Channel<Integer> view(Channel<String> channel) {
        return channel.as(codec(String::valueOf));
    }

    private static Codec<String, Integer> codec(Function<Integer, String> encode) {
        return new Codec<>() {
            @Override
            public String encode(Integer value) {
                return encode.apply(value);
            }

            @Override
            public Integer decode(String wire) {
                return Integer.valueOf(wire);
            }
        };
    }

    @Test
    void send_isDoneWhenTheOtherSideSaysSo() {
        TestSubscriber<Void> send = subscribe(sink.send(1));

        assertThat(send.isTerminated()).isFalse();
        remote.pending.get(0).accept();

        assertThat(send.isTerminatedComplete()).isTrue();
        assertThat(remote.accepted).containsExactly(1);
    }

    @Test
    void send_refusedThere_fails() {
        TestSubscriber<Void> send = subscribe(sink.send(1));

        remote.pending.get(0).refuse(new ChannelClosedException("over"));

        assertThat(send.expectTerminalError()).isInstanceOf(ChannelClosedException.class);
    }

    @Test
    void trySend_asksTheOtherSide() {
        assertThat(sink.trySend(1)).isEqualTo(SendResult.FULL);
        remote.trySend = SendResult.ACCEPTED;
        assertThat(sink.trySend(2)).isEqualTo(SendResult.ACCEPTED);
        remote.trySend = SendResult.CLOSED;
        assertThat(sink.trySend(3)).isEqualTo(SendResult.CLOSED);
        assertThat(remote.accepted).containsExactly(2);
    }

    @Test
    void send_cancelled_isWithdrawnThere() {
        List<Object> discarded = new ArrayList<>();
        TestSubscriber<Void> send = TestSubscriber.create();
        sink.send(1).doOnDiscard(Integer.class, discarded::add).subscribe(send);

        send.cancel();

        assertThat(remote.cancelled).containsExactly(1);
        assertThat(discarded).containsExactly(1);
    }

    @Test
    void send_cancelled_thatTheOtherSideWithdrawsLater_isDiscardedThen() {
        remote.withdraws = false;
        List<Object> discarded = new ArrayList<>();
        TestSubscriber<Void> send = TestSubscriber.create();
        sink.send(1).doOnDiscard(Integer.class, discarded::add).subscribe(send);

        send.cancel();
        assertThat(discarded).isEmpty();
        remote.pending.get(0).withdraw();

        assertThat(discarded).containsExactly(1);
    }

    @Test
    void switchTo_movesWhatIsProvablyWithdrawn_inOrder() {
        List<TestSubscriber<Void>> sends = new ArrayList<>();
        for (int i = 1; i <= 4; i++) {
            sends.add(subscribe(sink.send(i)));
        }
        remote.pending.get(0).accept();

        assertThat(sink.switchTo(mesh).block(LONG)).isSameAs(remote);

        assertThat(remote.cancelled).containsExactly(4, 3, 2);
        assertThat(drain(mesh)).containsExactly(2, 3, 4);
        assertThat(sends).allMatch(TestSubscriber::isTerminatedComplete);
    }

    @Test
    void switchTo_awaitsWhatTheOtherSideSaysNothingAbout() {
        remote.withdraws = false;
        TestSubscriber<Void> first = subscribe(sink.send(1));
        TestSubscriber<Void> second = subscribe(sink.send(2));
        TestSubscriber<Sender<Integer>> switching = subscribe(sink.switchTo(mesh));
        TestSubscriber<Void> third = subscribe(sink.send(3));

        assertThat(switching.isTerminated()).isFalse();
        assertThat(sink.trySend(9)).isEqualTo(SendResult.FULL);
        remote.pending.get(1).withdraw();
        assertThat(second.isTerminated()).isFalse();
        remote.pending.get(0).accept();

        assertThat(first.isTerminatedComplete()).isTrue();
        assertThat(switching.getReceivedOnNext()).containsExactly(remote);
        assertThat(drain(mesh)).containsExactly(2, 3);
        assertThat(second.isTerminatedComplete()).isTrue();
        assertThat(third.isTerminatedComplete()).isTrue();
        assertThat(remote.accepted).containsExactly(1);
    }

    @Test
    void switchTo_awaitsACancelledSendToo() {
        remote.withdraws = false;
        subscribe(sink.send(1)).cancel();
        TestSubscriber<Sender<Integer>> switching = subscribe(sink.switchTo(mesh));

        assertThat(switching.isTerminated()).isFalse();
        remote.pending.get(0).accept();

        assertThat(switching.isTerminatedComplete()).isTrue();
    }

    @Test
    void switchTo_calledOff_goesOnThere_inOrder() {
        remote.withdraws = false;
        subscribe(sink.send(1));
        TestSubscriber<Void> second = subscribe(sink.send(2));
        TestSubscriber<Sender<Integer>> switching = subscribe(sink.switchTo(mesh));
        subscribe(sink.send(3));
        remote.pending.get(1).withdraw();

        switching.cancel();
        assertThat(remote.pending).hasSize(2);
        remote.pending.get(0).accept();

        assertThat(remote.pending).extracting(send -> send.element).containsExactly(1, 2, 2, 3);
        remote.pending.get(2).accept();
        assertThat(second.isTerminatedComplete()).isTrue();
        assertThat(sink.target()).isSameAs(remote);
    }

    @Test
    void switchTo_withSettle_withdrawsNothing() {
        TestSubscriber<Void> first = subscribe(sink.send(1));
        TestSubscriber<Sender<Integer>> switching = subscribe(sink.switchTo(mesh, SwitchPolicy.SETTLE));
        TestSubscriber<Void> second = subscribe(sink.send(2));

        assertThat(remote.cancelled).isEmpty();
        assertThat(switching.isTerminated()).isFalse();
        remote.pending.get(0).accept();

        assertThat(first.isTerminatedComplete()).isTrue();
        assertThat(second.isTerminatedComplete()).isTrue();
        assertThat(switching.isTerminatedComplete()).isTrue();
        assertThat(remote.accepted).containsExactly(1);
        assertThat(drain(mesh)).containsExactly(2);
    }

    @Test
    void switchTo_handsOverWhatWaits() {
        SwitchableSink<Integer> other = SwitchableSink.create("other", mesh);
        sendNow(mesh, 1, 2, 3, 4);
        TestSubscriber<Void> fifth = subscribe(other.send(5));

        other.switchTo(remote).block(LONG);

        assertThat(fifth.isTerminated()).isFalse();
        remote.pending.get(0).accept();
        assertThat(fifth.isTerminatedComplete()).isTrue();
    }

    @Test
    void swap_isOneMomentForBoth() {
        remote.withdraws = false;
        SwitchableSink<Integer> other = SwitchableSink.create("other", mesh);
        subscribe(sink.send(1));
        TestSubscriber<Void> swapping = subscribe(SwitchableSink.swap(sink, other));
        sendNow(other, 2);

        assertThat(swapping.isTerminated()).isFalse();
        assertThat(drain(mesh)).containsExactly(2);
        remote.pending.get(0).accept();

        assertThat(swapping.isTerminatedComplete()).isTrue();
        sendNow(sink, 3);
        assertThat(drain(mesh)).containsExactly(3);
        assertThat(other.trySend(4)).isEqualTo(SendResult.FULL);
    }

    @Test
    void hold_andResume_sendAgain() {
        subscribe(sink.send(1));

        sink.hold().block(LONG);
        assertThat(remote.cancelled).containsExactly(1);
        sink.resume().block(LONG);

        assertThat(remote.pending).extracting(send -> send.element).containsExactly(1, 1);
    }

    @Test
    void follower_canLeaveAlone() {
        SwitchableSink<Integer> follower = SwitchableSink.create("follower", sink);
        subscribe(sink.send(1));
        TestSubscriber<Void> second = subscribe(follower.send(2));

        follower.switchTo(mesh).block(LONG);

        assertThat(remote.cancelled).containsExactly(2);
        assertThat(second.isTerminatedComplete()).isTrue();
        assertThat(drain(mesh)).containsExactly(2);
        remote.pending.get(0).accept();
        assertThat(remote.accepted).containsExactly(1);
    }

    @Test
    void lease_divertsToIt_andServicesComeBackWhenItLetsThemGo() {
        remote.withdraws = false;
        ServiceRegistry<Integer> registry = ServiceRegistry.create();
        SwitchableSink<Integer> service = registry.register("web", mesh);
        ExclusiveLease<Integer> lease = registry.exclusive(
                        mesh,
                        "updater",
                        LeaseOptions.<Integer>builder().divertOthersTo(remote).build())
                .block(LONG);
        subscribe(service.send(1));
        subscribe(service.send(2));

        lease.close().block(LONG);
        TestSubscriber<Void> third = subscribe(service.send(3));
        assertThat(third.isTerminated()).isFalse();
        remote.pending.get(1).withdraw();
        remote.pending.get(0).accept();

        assertThat(drain(mesh)).containsExactly(2, 3);
        assertThat(third.isTerminatedComplete()).isTrue();
    }

    @Test
    void view_isATargetLikeAnyOther() {
        Channel<String> wire = channel("wire", 1);
        Channel<Integer> view = view(wire);
        sink.switchTo(view).block(LONG);
        sendNow(sink, 1);
        TestSubscriber<Void> second = subscribe(sink.send(2));
        TestSubscriber<Void> third = subscribe(sink.send(3));
        assertThat(sink.trySend(9)).isEqualTo(SendResult.FULL);
        assertThat(second.isTerminated()).isFalse();

        assertThat(sink.switchTo(mesh).block(LONG)).isSameAs(view);

        assertThat(drain(wire)).containsExactly("1");
        assertThat(drain(mesh)).containsExactly(2, 3);
        assertThat(third.isTerminatedComplete()).isTrue();
    }

    @Test
    void view_takesAPublisher_withoutDeepStacks() {
        Channel<String> wire = channel("wire", 10_000);
        sink.switchTo(view(wire)).block(LONG);

        assertThat(sink.sendAll(Flux.range(0, 10_000)).block(LONG)).isEqualTo(10_000);

        assertThat(take(wire, 10_000)).hasSize(10_000).startsWith("0", "1").endsWith("9999");
    }

    @Test
    void view_thatIsClosed_isRefused_orFailsSends() {
        Channel<String> wire = channel("wire", 1);
        wire.close();

        assertThatThrownBy(() -> sink.switchTo(view(wire)).block(LONG))
                .isInstanceOf(ChannelClosedException.class)
                .hasMessageContaining("'wire'");

        Channel<String> closing = channel("closing", 1);
        sink.switchTo(view(closing)).block(LONG);
        sendNow(sink, 1);
        TestSubscriber<Void> waiting = subscribe(sink.send(2));
        closing.close();
        assertThat(waiting.expectTerminalError()).isInstanceOf(ChannelClosedException.class);
        assertThatThrownBy(() -> sink.send(3).block(LONG)).isInstanceOf(ChannelClosedException.class);
    }

    @Test
    void elementThatCannotBeEncoded_failsItsOwnSend() {
        Channel<String> wire = channel("wire", 4);
        Channel<Integer> picky = wire.as(codec(
                element -> {
                    if (element == 13) {
                        throw new IllegalStateException("unlucky");
                    }
                    return String.valueOf(element);
                }));
        sink.switchTo(picky).block(LONG);

        assertThatThrownBy(() -> sink.send(13).block(LONG)).hasMessageContaining("cannot be encoded");
        assertThatThrownBy(() -> sink.trySend(13)).hasMessageContaining("cannot be encoded");
        sendNow(sink, 1);
        sink.switchTo(mesh).block(Duration.ofSeconds(5));
        assertThat(drain(wire)).containsExactly("1");
    }
}
