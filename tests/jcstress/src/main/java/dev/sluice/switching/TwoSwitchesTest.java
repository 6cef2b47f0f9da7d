package dev.sluice.switching;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.sluice.channel.Channel;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/** Two threads switch the same sink. */
@JCStressTest
@Outcome(
        id = {"old, first", "second, old"},
        expect = ACCEPTABLE,
        desc = "One after the other.")
@Outcome(expect = FORBIDDEN, desc = "Both believe that they replaced the same target.")
@State
public class TwoSwitchesTest {
    private final Channel<Integer> old = Channel.create(8);
    private final Channel<Integer> first = Channel.create(8);
    private final Channel<Integer> second = Channel.create(8);
    private final SwitchableSink<Integer> sink = SwitchableSink.create("sink", old);

    /** Switches. */
    @Actor
    public void one(LL_Result result) {
        result.r1 = name(sink.switchTo(first).block());
    }

    /** Switches too. */
    @Actor
    public void other(LL_Result result) {
        result.r2 = name(sink.switchTo(second).block());
    }

    private String name(Object target) {
        return target == old ? "old" : target == first ? "first" : target == second ? "second" : "none";
    }
}
