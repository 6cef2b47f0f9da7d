package dev.sluice.channel.memory;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.sluice.channel.Channel;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** A receiver asks while a sender sends. */
@JCStressTest
@Outcome(id = "received", expect = ACCEPTABLE, desc = "Whoever came second made the match.")
@Outcome(expect = FORBIDDEN, desc = "The receiver is idle though there is an element: a wake-up was lost.")
@State
public class WakeUpTest {

    private final Channel<Integer> channel = Channel.create(1);
    private final Got receiver = Got.of(channel.receive());

    /** Sends. */
    @Actor
    public void sender() {
        channel.trySend(10);
    }

    /** Asks. */
    @Actor
    public void receiver() {
        receiver.request(1);
    }

    /** One of them must have delivered. */
    @Arbiter
    public void after(L_Result result) {
        result.r1 = receiver.has(10) ? "received" : "idle";
    }
}
