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
import dev.sluice.channel.Channel;
import dev.sluice.channel.SendResult;
import dev.sluice.channel.Sender;
import org.junit.jupiter.api.Test;
import reactor.test.subscriber.TestSubscriber;

class SwitchableSinkChainTest {

    private final Channel<Integer> mesh = channel("mesh", 2);
    private final Channel<Integer> backup = channel("backup", 2);
    private final SwitchableSink<Integer> sink = SwitchableSink.create("grpc", mesh);

    @Test
    void swap_exchangesTargetsWithWaitingSends() {
        SwitchableSink<Integer> other = SwitchableSink.create("other", backup);
        sendNow(mesh, 1, 2);
        sendNow(backup, 11, 12);
        TestSubscriber<Void> third = subscribe(sink.send(3));
        TestSubscriber<Void> thirteenth = subscribe(other.send(13));

        SwitchableSink.swap(sink, other).block(LONG);

        assertThat(sink.target()).isSameAs(backup);
        assertThat(other.target()).isSameAs(mesh);
        assertThat(take(mesh, 3)).containsExactly(1, 2, 13);
        assertThat(take(backup, 3)).containsExactly(11, 12, 3);
        assertThat(third.isTerminatedComplete()).isTrue();
        assertThat(thirteenth.isTerminatedComplete()).isTrue();
    }

    @Test
    void swap_withAClosedTarget_changesNeither() {
        SwitchableSink<Integer> other = SwitchableSink.create("other", backup);
        backup.close();

        assertThatThrownBy(() -> SwitchableSink.swap(sink, other).block(LONG))
                .isInstanceOf(ChannelClosedException.class)
                .hasMessageContaining("'backup'");

        assertThat(sink.target()).isSameAs(mesh);
        assertThat(other.target()).isSameAs(backup);
    }

    @Test
    void swap_withItself_changesNothing() {
        SwitchableSink.swap(sink, sink).block(LONG);

        sendNow(sink, 1);
        assertThat(drain(mesh)).containsExactly(1);
    }

    @Test
    void chain_followsTheLeaderWithWaitingSends() {
        SwitchableSink<Integer> follower = SwitchableSink.create("follower", sink);
        sendNow(follower, 1, 2);
        TestSubscriber<Void> third = subscribe(follower.send(3));

        sink.switchTo(backup).block(LONG);
        sendNow(follower, 4);

        assertThat(third.isTerminatedComplete()).isTrue();
        assertThat(follower.target()).isSameAs(sink);
        assertThat(drain(mesh)).containsExactly(1, 2);
        assertThat(drain(backup)).containsExactly(3, 4);
    }

    @Test
    void chain_leftByTheFollower_doesNotFollowAnyMore() {
        SwitchableSink<Integer> follower = SwitchableSink.create("follower", sink);
        follower.switchTo(mesh).block(LONG);

        sink.switchTo(backup).block(LONG);
        sendNow(follower, 1);

        assertThat(drain(mesh)).containsExactly(1);
    }

    @Test
    void chain_heldLeader_holdsFollowers_whoseOwnHoldStays() {
        SwitchableSink<Integer> follower = SwitchableSink.create("follower", sink);
        SwitchableSink<Integer> last = SwitchableSink.create("last", follower);
        sink.hold().block(LONG);
        assertThat(last.trySend(1)).isEqualTo(SendResult.FULL);
        follower.hold().block(LONG);
        TestSubscriber<Void> send = subscribe(last.send(1));

        sink.resume().block(LONG);
        assertThat(send.isTerminated()).isFalse();
        follower.resume().block(LONG);

        assertThat(drain(mesh)).containsExactly(1);
    }

    @Test
    void chain_settles_forFollowersToo() {
        SwitchableSink<Integer> follower = SwitchableSink.create("follower", sink);
        sendNow(follower, 1, 2);
        TestSubscriber<Void> third = subscribe(follower.send(3));
        TestSubscriber<Sender<Integer>> switching = subscribe(sink.switchTo(backup, SwitchPolicy.SETTLE));
        SwitchableSink<Integer> late = SwitchableSink.create("late", sink);
        subscribe(follower.send(4));
        subscribe(late.send(5));
        TestSubscriber<Sender<Integer>> leaving = subscribe(follower.switchTo(mesh));

        assertThat(leaving.isTerminated()).isFalse();
        assertThat(take(mesh, 1)).containsExactly(1);

        assertThat(third.isTerminatedComplete()).isTrue();
        assertThat(switching.isTerminatedComplete()).isTrue();
        assertThat(leaving.isTerminatedComplete()).isTrue();
        assertThat(drain(mesh)).containsExactly(2, 3);
        assertThat(drain(backup)).containsExactlyInAnyOrder(4, 5);
    }

    @Test
    void switchTo_whatLeadsBack_isRefusedWithTheWay() {
        SwitchableSink<Integer> b = SwitchableSink.create("b", sink);
        SwitchableSink<Integer> c = SwitchableSink.create("c", b);

        assertThatThrownBy(() -> sink.switchTo(c).block(LONG))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("grpc -> c -> b -> grpc");
        assertThatThrownBy(() -> sink.switchTo(sink).block(LONG)).hasMessageContaining("grpc -> grpc");
        assertThatThrownBy(() -> SwitchableSink.swap(sink, b).block(LONG)).isInstanceOf(IllegalArgumentException.class);

        sendNow(c, 1);
        assertThat(drain(mesh)).containsExactly(1);
    }

    @Test
    void chain_ofAnyLength_follows() {
        SwitchableSink<Integer> last = sink;
        for (int i = 0; i < 10_000; i++) {
            last = SwitchableSink.create("s" + i, last);
        }

        sink.switchTo(backup).block(LONG);
        sendNow(last, 1);

        assertThat(drain(backup)).containsExactly(1);
    }
}
