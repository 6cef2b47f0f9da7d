package dev.sluice.switching;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.sluice.channel.Channel;
import java.util.concurrent.atomic.AtomicBoolean;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;
import reactor.core.Disposable;

/** A switch waits for a send to settle, which is withdrawn meanwhile. */
@JCStressTest
@Outcome(id = "done", expect = ACCEPTABLE, desc = "Nothing is left to wait for.")
@Outcome(expect = FORBIDDEN, desc = "The switch waits for a send that is gone.")
@State
public class SettleWhileCancelledTest {
    private final Channel<Integer> old = Channel.create(0);
    private final Channel<Integer> recent = Channel.create(8);
    private final SwitchableSink<Integer> sink = SwitchableSink.create("sink", old);
    private final Disposable send = sink.send(1).subscribe();
    private final AtomicBoolean done = new AtomicBoolean();

    /** Switches. */
    @Actor
    public void switcher() {
        sink.switchTo(recent, SwitchPolicy.SETTLE).subscribe(previous -> done.set(true));
    }

    /** Withdraws. */
    @Actor
    public void sender() {
        send.dispose();
    }

    /** It is done. */
    @Arbiter
    public void after(L_Result result) {
        result.r1 = done.get() && Contents.of(old, recent).isEmpty() ? "done" : "done: " + done;
    }
}
