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

/** A reader is being given an element of the old channel while it is switched to another. */
@JCStressTest
@Outcome(id = "fine", expect = ACCEPTABLE, desc = "It had the element when the switch was done, or never gets it.")
@Outcome(expect = FORBIDDEN, desc = "An element of the old channel came after the switch was done, or it never was.")
@State
public class SourceLeftWhileReceivingTest {
    private final Channel<Integer> old = Channel.create(8);
    private final Channel<Integer> recent = Channel.create(8);
    private final SwitchableSource<Integer> source = SwitchableSource.create("source", old.receive());
    private volatile boolean done;
    private volatile boolean late;

    /** One reader, who takes what comes. */
    public SourceLeftWhileReceivingTest() {
        source.asFlux().subscribe(element -> late |= done);
    }

    /** Sends to the old one. */
    @Actor
    public void sender() {
        old.trySend(1);
    }

    /** Switches. */
    @Actor
    public void switcher() {
        source.switchTo(recent.receive()).subscribe(previous -> done = true);
    }

    /** Nothing came late. */
    @Arbiter
    public void after(L_Result result) {
        result.r1 = !done ? "not done" : late ? "late" : "fine";
    }
}
