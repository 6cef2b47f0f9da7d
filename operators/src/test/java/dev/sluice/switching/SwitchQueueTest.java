package dev.sluice.switching;

import static dev.sluice.switching.Ends.LONG;
import static dev.sluice.switching.Ends.channel;
import static dev.sluice.switching.Ends.sendNow;
import static dev.sluice.switching.Ends.subscribe;
import static dev.sluice.switching.Ends.take;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.channel.Channel;
import dev.sluice.channel.SendResult;
import dev.sluice.channel.Sender;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Many switches that wait for one another. */
class SwitchQueueTest {

    private static final int COUNT = 10_001;

    private final Channel<Integer> mesh = channel("mesh", 0);
    private final Channel<Integer> backup = channel("backup", 2);
    private final Channel<Integer> other = channel("other", 2);
    private final AtomicInteger done = new AtomicInteger();

    private void queueSwitches(
            SwitchableSink<Integer> sink, Sender<Integer> even, Sender<Integer> odd, SwitchPolicy policy) {
        for (int i = 0; i < COUNT; i++) {
            sink.switchTo(i % 2 == 0 ? even : odd, policy).subscribe(any -> done.incrementAndGet());
        }
    }

    @Test
    void switches_queuedBehindAWaitingSend_areAllDone() {
        SwitchableSink<Integer> sink = SwitchableSink.create("sink", mesh);
        subscribe(sink.send(1));
        queueSwitches(sink, backup, other, SwitchPolicy.SETTLE);

        assertThat(take(mesh, 1)).containsExactly(1);

        assertThat(done).hasValue(COUNT);
        assertThat(sink.target()).isSameAs(backup);
        sink.switchTo(other).block(LONG);
        sendNow(sink, 2);
    }

    @Test
    void switches_queuedBetweenOtherSenders_areAllDone() {
        Remote slow = new Remote();
        slow.withdraws = false;
        SwitchableSink<Integer> sink = SwitchableSink.create("sink", slow);
        subscribe(sink.send(1));
        queueSwitches(sink, new Remote(), new Remote(), SwitchPolicy.MIGRATE);

        slow.pending.get(0).accept();

        assertThat(done).hasValue(COUNT);
        sink.switchTo(backup).block(LONG);
        assertThat(sink.trySend(2)).isEqualTo(SendResult.ACCEPTED);
    }
}
