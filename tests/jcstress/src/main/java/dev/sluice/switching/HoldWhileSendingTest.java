package dev.sluice.switching;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.sluice.channel.Channel;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** A sink is held while elements are sent through it. */
@JCStressTest
@Outcome(id = "fine", expect = ACCEPTABLE, desc = "Nothing reaches the target once the hold is done.")
@Outcome(expect = FORBIDDEN, desc = "An element reached the target while its sink was held.")
@State
public class HoldWhileSendingTest {
    private final Channel<Integer> target = Channel.create(8);
    private final SwitchableSink<Integer> sink = SwitchableSink.create("sink", target);
    private long whenDone;

    /** Sends. */
    @Actor
    public void sender() {
        sink.trySend(1);
        sink.trySend(2);
    }

    /** Holds, and looks how many got in; reading them would shut the gate. */
    @Actor
    public void holder() {
        sink.hold().block();
        whenDone = target.stats().block().accepted();
    }

    /** Nothing got in after that. */
    @Arbiter
    public void after(L_Result result) {
        long late = target.stats().block().accepted() - whenDone;
        result.r1 = late == 0 ? "fine" : whenDone + ", then " + late;
    }
}
