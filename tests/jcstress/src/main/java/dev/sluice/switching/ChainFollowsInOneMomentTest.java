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
import org.openjdk.jcstress.infra.results.LL_Result;

/** A sink that another one follows is switched while one thread sends through both. */
@JCStressTest
@Outcome(
        id = {"old, old", "old, new", "new, new"},
        expect = ACCEPTABLE,
        desc = "The follower moves in the same moment.")
@Outcome(expect = FORBIDDEN, desc = "The one had moved already and the other, later, had not.")
@State
public class ChainFollowsInOneMomentTest {
    private final Channel<Integer> old = Channel.create(8);
    private final Channel<Integer> recent = Channel.create(8);
    private final SwitchableSink<Integer> leader = SwitchableSink.create("leader", old);
    private final SwitchableSink<Integer> follower = SwitchableSink.create("follower", leader);

    /** Sends through both. */
    @Actor
    public void sender() {
        follower.trySend(1);
        leader.trySend(2);
    }

    /** Switches. */
    @Actor
    public void switcher() {
        leader.switchTo(recent).block();
    }

    /** Where they are. */
    @Arbiter
    public void after(LL_Result result) {
        List<Integer> inOld = Contents.of(old);
        List<Integer> inNew = Contents.of(recent);
        result.r1 = inOld.contains(1) ? "old" : inNew.contains(1) ? "new" : "nowhere";
        result.r2 = inOld.contains(2) ? "old" : inNew.contains(2) ? "new" : "nowhere";
    }
}
