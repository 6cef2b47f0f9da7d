package dev.sluice.switching;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.sluice.channel.Channel;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** A send comes to wait while its sink is switched to a target with room. */
@JCStressTest
@Outcome(id = "fine", expect = ACCEPTABLE, desc = "It waits no more, wherever it was.")
@Outcome(expect = FORBIDDEN, desc = "It was left behind, lost or doubled.")
@State
public class WaitingSendIsSwitchedTest {
    private final Channel<Integer> full = Channel.create(0);
    private final Channel<Integer> roomy = Channel.create(8);
    private final SwitchableSink<Integer> sink = SwitchableSink.create("sink", full);
    private final AtomicBoolean sent = new AtomicBoolean();

    /** Sends. */
    @Actor
    public void sender() {
        sink.send(1).subscribe(nothing -> {}, error -> {}, () -> sent.set(true));
    }

    /** Switches. */
    @Actor
    public void switcher() {
        sink.switchTo(roomy).block();
    }

    /** It is there. */
    @Arbiter
    public void after(L_Result result) {
        List<Integer> all = Contents.of(full, roomy);
        result.r1 = sent.get() && all.equals(List.of(1)) ? "fine" : "sent " + sent + ", there is " + all;
    }
}
