package dev.sluice.switching;

import static dev.sluice.switching.Ends.LONG;
import static dev.sluice.switching.Ends.channel;
import static dev.sluice.switching.Ends.drain;
import static dev.sluice.switching.Ends.sendNow;
import static dev.sluice.switching.Ends.subscribe;
import static dev.sluice.switching.Ends.take;
import static dev.sluice.switching.Ends.waiting;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.ChannelClosedException;
import dev.sluice.channel.Channel;
import dev.sluice.channel.SendResult;
import dev.sluice.channel.Sender;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.Scannable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;
import reactor.test.subscriber.TestSubscriber;

class SwitchableSinkTest {

    private final Channel<Integer> mesh = channel("mesh", 2);
    private final Channel<Integer> backup = channel("backup", 2);
    private final SwitchableSink<Integer> sink = SwitchableSink.create("grpc", mesh);

    @Test
    void send_goesToTheTarget() {
        sendNow(sink, 1);
        sink.send(2).block(LONG);

        assertThat(drain(mesh)).containsExactly(1, 2);
        assertThat(sink.target()).isSameAs(mesh);
    }

    @Test
    void switchTo_givesThePreviousTarget_andLaterElementsGoToTheNew() {
        sendNow(sink, 1);

        StepVerifier.create(sink.switchTo(backup)).expectNext(mesh).verifyComplete();
        sendNow(sink, 2);

        assertThat(drain(mesh)).containsExactly(1);
        assertThat(drain(backup)).containsExactly(2);
        assertThat(sink.target()).isSameAs(backup);
    }

    @Test
    void switchTo_notSubscribed_switchesNothing() {
        Mono<Sender<Integer>> never = sink.switchTo(backup);
        sendNow(sink, 1);

        assertThat(drain(mesh)).containsExactly(1);
        assertThat(never).isNotNull();
    }

    @Test
    void switchTo_subscribedTwice_switchesTwice() {
        Mono<Sender<Integer>> toBackup = sink.switchTo(backup);
        toBackup.block(LONG);
        sink.switchTo(mesh).block(LONG);

        assertThat(toBackup.block(LONG)).isSameAs(mesh);
        assertThat(sink.target()).isSameAs(backup);
    }

    @Test
    void switchTo_theSameTarget_changesNothing() {
        TestSubscriber<Void> waiting = waitingSend();

        assertThat(sink.switchTo(mesh).block(LONG)).isSameAs(mesh);

        assertThat(take(mesh, 3)).containsExactly(1, 2, 3);
        assertThat(waiting.isTerminatedComplete()).isTrue();
    }

    private TestSubscriber<Void> waitingSend() {
        sendNow(sink, 1, 2);
        TestSubscriber<Void> third = subscribe(sink.send(3));
        assertThat(third.isTerminated()).isFalse();
        return third;
    }

    @Test
    void switchTo_waitingSends_moveInOrder() {
        sendNow(sink, 1, 2);
        List<TestSubscriber<Void>> sends = new ArrayList<>();
        for (int i = 3; i <= 6; i++) {
            sends.add(subscribe(sink.send(i)));
        }

        sink.switchTo(backup).block(LONG);

        assertThat(sends.get(1).isTerminatedComplete()).isTrue();
        assertThat(sends.get(2).isTerminated()).isFalse();
        assertThat(drain(mesh)).containsExactly(1, 2);
        assertThat(take(backup, 4)).containsExactly(3, 4, 5, 6);
        assertThat(sends.get(3).isTerminatedComplete()).isTrue();
    }

    @Test
    void switchTo_sendsOfOthersThatWait_stay() {
        sendNow(mesh, 1, 2);
        TestSubscriber<Void> others = subscribe(mesh.send(8));
        TestSubscriber<Void> ours = subscribe(sink.send(9));

        sink.switchTo(backup).block(LONG);

        assertThat(ours.isTerminatedComplete()).isTrue();
        assertThat(others.isTerminated()).isFalse();
        assertThat(take(mesh, 3)).containsExactly(1, 2, 8);
        assertThat(drain(backup)).containsExactly(9);
    }

    @Test
    void switchTo_withSettle_letsWaitingSendsFinishFirst() {
        TestSubscriber<Void> third = waitingSend();

        TestSubscriber<Sender<Integer>> switching = subscribe(sink.switchTo(backup, SwitchPolicy.SETTLE));
        TestSubscriber<Void> fourth = subscribe(sink.send(4));

        assertThat(switching.isTerminated()).isFalse();
        assertThat(sink.trySend(5)).isEqualTo(SendResult.FULL);
        assertThat(take(mesh, 1)).containsExactly(1);
        assertThat(third.isTerminatedComplete()).isTrue();
        assertThat(switching.getReceivedOnNext()).containsExactly(mesh);
        assertThat(fourth.isTerminatedComplete()).isTrue();
        assertThat(drain(mesh)).containsExactly(2, 3);
        assertThat(drain(backup)).containsExactly(4);
    }

    @Test
    void switchTo_withSettle_isDoneWhenTheLastWaitingSendIsWithdrawn() {
        TestSubscriber<Void> third = waitingSend();
        TestSubscriber<Sender<Integer>> switching = subscribe(sink.switchTo(backup, SwitchPolicy.SETTLE));

        third.cancel();

        assertThat(switching.getReceivedOnNext()).containsExactly(mesh);
        assertThat(drain(mesh)).containsExactly(1, 2);
    }

    @Test
    void switchTo_withSettle_isDoneWhenTheOldTargetCloses() {
        TestSubscriber<Void> third = waitingSend();
        TestSubscriber<Sender<Integer>> switching = subscribe(sink.switchTo(backup, SwitchPolicy.SETTLE));
        TestSubscriber<Void> fourth = subscribe(sink.send(4));

        mesh.close();

        assertThat(third.expectTerminalError()).isInstanceOf(ChannelClosedException.class);
        assertThat(switching.getReceivedOnNext()).containsExactly(mesh);
        assertThat(fourth.isTerminatedComplete()).isTrue();
    }

    @Test
    void switchTo_withSettle_calledOff_goesOnWithTheOldTarget() {
        waitingSend();
        TestSubscriber<Sender<Integer>> switching = subscribe(sink.switchTo(backup, SwitchPolicy.SETTLE));
        TestSubscriber<Void> fourth = subscribe(sink.send(4));

        switching.cancel();

        assertThat(take(mesh, 4)).containsExactly(1, 2, 3, 4);
        assertThat(fourth.isTerminatedComplete()).isTrue();
        assertThat(sink.target()).isSameAs(mesh);
        sendNow(sink, 5);
        assertThat(drain(mesh)).containsExactly(5);
    }

    @Test
    void switchTo_withSettle_targetClosesMeanwhile_goesOnWithTheOldTarget() {
        waitingSend();
        TestSubscriber<Sender<Integer>> switching = subscribe(sink.switchTo(backup, SwitchPolicy.SETTLE));
        TestSubscriber<Void> fourth = subscribe(sink.send(4));

        backup.close();

        assertThat(take(mesh, 3)).containsExactly(1, 2, 3);
        assertThat(switching.expectTerminalError())
                .isInstanceOf(ChannelClosedException.class)
                .hasMessageContaining("'backup'")
                .hasMessageContaining("'mesh'");
        assertThat(fourth.isTerminatedComplete()).isTrue();
        assertThat(drain(mesh)).containsExactly(4);
    }

    @Test
    void switches_ofOneSink_areDoneOneAfterTheOther() {
        waitingSend();
        Channel<Integer> third = channel("third", 2);
        TestSubscriber<Sender<Integer>> first = subscribe(sink.switchTo(backup, SwitchPolicy.SETTLE));
        TestSubscriber<Sender<Integer>> second = subscribe(sink.switchTo(third));
        TestSubscriber<Void> held = subscribe(sink.hold());
        TestSubscriber<Sender<Integer>> calledOff = subscribe(sink.switchTo(mesh));
        calledOff.cancel();

        assertThat(second.isTerminated()).isFalse();
        take(mesh, 3);

        assertThat(first.getReceivedOnNext()).containsExactly(mesh);
        assertThat(second.getReceivedOnNext()).containsExactly(backup);
        assertThat(held.isTerminatedComplete()).isTrue();
        assertThat(sink.target()).isSameAs(third);
        assertThat(sink.isHeld()).isTrue();
        assertThat(calledOff.getReceivedOnNext()).isEmpty();
    }

    @Test
    void switchTo_aClosedTarget_failsAndLeavesTheOldOne() {
        waitingSend();
        backup.close();

        assertThatThrownBy(() -> sink.switchTo(backup).block(LONG))
                .isInstanceOf(ChannelClosedException.class)
                .hasMessageContaining("'grpc'")
                .hasMessageContaining("'backup'")
                .hasMessageContaining("'mesh'");

        assertThat(sink.target()).isSameAs(mesh);
        assertThat(take(mesh, 3)).containsExactly(1, 2, 3);
    }

    @Test
    void target_closesWhileSendsWait_failsThem_untilTheSinkIsSwitched() {
        TestSubscriber<Void> third = waitingSend();

        mesh.close();

        assertThat(third.expectTerminalError()).isInstanceOf(ChannelClosedException.class);
        assertThat(sink.trySend(4)).isEqualTo(SendResult.CLOSED);
        assertThatThrownBy(() -> sink.send(4).block(LONG)).isInstanceOf(ChannelClosedException.class);
        sink.switchTo(backup).block(LONG);
        sendNow(sink, 4);
        assertThat(drain(backup)).containsExactly(4);
    }

    @Test
    void hold_makesSendsWait_andResumeLetsThemGoInOrder() {
        sink.hold().block(LONG);
        TestSubscriber<Void> first = subscribe(sink.send(1));
        TestSubscriber<Void> second = subscribe(sink.send(2));

        assertThat(sink.trySend(9)).isEqualTo(SendResult.FULL);
        assertThat(drain(mesh)).isEmpty();
        assertThat(sink.isHeld()).isTrue();
        sink.resume().block(LONG);

        assertThat(first.isTerminatedComplete()).isTrue();
        assertThat(second.isTerminatedComplete()).isTrue();
        assertThat(drain(mesh)).containsExactly(1, 2);
    }

    @Test
    void hold_takesWaitingSendsAlong_andTheyCanBeCancelled() {
        List<Object> discarded = new ArrayList<>();
        sendNow(sink, 1, 2);
        TestSubscriber<Void> third = TestSubscriber.create();
        sink.send(3).doOnDiscard(Integer.class, discarded::add).subscribe(third);

        sink.hold().block(LONG);
        assertThat(waiting(mesh)).isZero();
        third.cancel();
        sink.resume().block(LONG);

        assertThat(discarded).containsExactly(3);
        assertThat(drain(mesh)).containsExactly(1, 2);
    }

    @Test
    void hold_pushesBackOnAPublisher() {
        TestPublisher<Integer> publisher = TestPublisher.create();
        sink.hold().block(LONG);
        TestSubscriber<Long> all = subscribe(sink.sendAll(publisher));

        publisher.assertWasNotRequested();
        sink.resume().block(LONG);
        publisher.assertWasRequested();
        publisher.next(1, 2).complete();

        assertThat(all.getReceivedOnNext()).containsExactly(2L);
        assertThat(drain(mesh)).containsExactly(1, 2);
    }

    @Test
    void switchTo_whileHeld_takesEffectAtResume() {
        sink.hold().block(LONG);
        subscribe(sink.send(1));

        assertThat(sink.switchTo(backup).block(LONG)).isSameAs(mesh);
        assertThat(drain(backup)).isEmpty();
        sink.resume().block(LONG);

        assertThat(drain(backup)).containsExactly(1);
        assertThat(drain(mesh)).isEmpty();
    }

    @Test
    void sendAll_acrossASwitch_keepsOrderAndCount() {
        TestSubscriber<Long> all = subscribe(sink.sendAll(Flux.range(1, 10)));
        sink.switchTo(backup).block(LONG);
        List<Integer> before = drain(mesh);

        List<Integer> rest = take(backup, 10 - before.size());

        assertThat(before).containsExactly(1, 2);
        assertThat(rest).containsExactly(3, 4, 5, 6, 7, 8, 9, 10);
        assertThat(all.getReceivedOnNext()).containsExactly(10L);
    }

    @Test
    void asSink_followsTheSwitch() {
        Sinks.Many<Integer> view = sink.asSink();
        assertThat(view.tryEmitNext(1)).isEqualTo(Sinks.EmitResult.OK);
        sink.switchTo(backup).block(LONG);
        assertThat(view.tryEmitNext(2)).isEqualTo(Sinks.EmitResult.OK);
        sink.hold().block(LONG);

        assertThat(view.tryEmitNext(3)).isEqualTo(Sinks.EmitResult.FAIL_OVERFLOW);
        assertThat(view.tryEmitComplete()).isEqualTo(Sinks.EmitResult.OK);
        assertThat(mesh.isClosed()).isFalse();
        assertThat(drain(backup)).containsExactly(2);
    }

    @Test
    void switch_fromWithinAReceiver_isNoDeadlock() {
        List<Integer> received = new ArrayList<>();
        mesh.receive().doOnNext(element -> sink.switchTo(backup).block(LONG)).subscribe(received::add);

        sendNow(sink, 1);
        sendNow(sink, 2);

        assertThat(received).containsExactly(1);
        assertThat(drain(backup)).containsExactly(2);
    }

    @Test
    void sink_isNamed() {
        assertThat(sink.name()).isEqualTo("grpc");
        assertThat(Scannable.from(sink).scan(Scannable.Attr.NAME)).isEqualTo("grpc");
        assertThat(sink).hasToString("SwitchableSink[grpc -> mesh]");
        assertThat(Scannable.from(sink.switchTo(backup)).stepName()).isEqualTo("switchTo(grpc)");
    }

    @Test
    void nulls_areRefused() {
        assertThatThrownBy(() -> SwitchableSink.create(null, mesh)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> SwitchableSink.create("a", null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> sink.switchTo(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> sink.send(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> sink.trySend(null)).isInstanceOf(NullPointerException.class);
    }
}
