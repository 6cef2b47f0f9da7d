package dev.sluice.switching;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.sluice.channel.Channel;
import java.util.List;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** A sink is switched while elements are sent through it. */
@JCStressTest
@Outcome(id = "fine", expect = ACCEPTABLE, desc = "Before the switch at the old target, after it at the new one.")
@Outcome(expect = FORBIDDEN, desc = "Lost, doubled, out of order, or at the old target after the switch was done.")
@State
public class SwitchWhileSendingTest {
    private final Channel<Integer> old = Channel.create(8);
    private final Channel<Integer> recent = Channel.create(8);
    private final SwitchableSink<Integer> sink = SwitchableSink.create("sink", old);
    private long whenDone;

    /** Sends. */
    @Actor
    public void sender() {
        sink.trySend(1);
        sink.trySend(2);
        sink.trySend(3);
    }

    /** Switches, and looks how many the old target has got when it is done; reading them would shut its gate. */
    @Actor
    public void switcher() {
        sink.switchTo(recent).block();
        whenDone = old.stats().block().accepted();
    }

    /** The old target got nothing after that, and the new one the rest. */
    @Arbiter
    public void after(L_Result result) {
        long late = old.stats().block().accepted() - whenDone;
        List<Integer> all = Contents.of(old, recent);
        result.r1 = late == 0 && all.equals(List.of(1, 2, 3)) ? "fine" : all + ", late " + late;
    }
}
