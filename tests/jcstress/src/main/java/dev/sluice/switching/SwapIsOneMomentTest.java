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

/** Two sinks are swapped while one thread sends through both, one after the other. */
@JCStressTest
@Outcome(
        id = {"left, right", "left, left", "right, left"},
        expect = ACCEPTABLE,
        desc = "Both before, the swap in between, or both after.")
@Outcome(expect = FORBIDDEN, desc = "The first went by the new aim and the second, later, by the old one.")
@State
public class SwapIsOneMomentTest {
    private final Channel<Integer> left = Channel.create(8);
    private final Channel<Integer> right = Channel.create(8);
    private final SwitchableSink<Integer> first = SwitchableSink.create("first", left);
    private final SwitchableSink<Integer> second = SwitchableSink.create("second", right);

    /** Sends through both. */
    @Actor
    public void sender() {
        first.trySend(1);
        second.trySend(2);
    }

    /** Swaps. */
    @Actor
    public void swapper() {
        SwitchableSink.swap(first, second).block();
    }

    /** Where they are. */
    @Arbiter
    public void after(LL_Result result) {
        List<Integer> inLeft = Contents.of(left);
        List<Integer> inRight = Contents.of(right);
        result.r1 = inLeft.contains(1) ? "left" : inRight.contains(1) ? "right" : "nowhere";
        result.r2 = inLeft.contains(2) ? "left" : inRight.contains(2) ? "right" : "nowhere";
    }
}
