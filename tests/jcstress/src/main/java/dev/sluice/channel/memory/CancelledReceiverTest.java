package dev.sluice.channel.memory;

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

/** A receiver with demand leaves while elements are sent. */
@JCStressTest
@Outcome(id = "fine", expect = ACCEPTABLE, desc = "What it did not get is still there.")
@Outcome(expect = FORBIDDEN, desc = "The cancel stranded an element, or it went to two, or out of order.")
@State
public class CancelledReceiverTest {

    private final Channel<Integer> channel = Channel.create(4);
    private final Got leaving = Got.of(channel.receive());

    /** Sends a few, also such that it is given several at once. */
    @Actor
    public void sender() {
        channel.trySend(10);
        channel.trySend(11);
        channel.trySend(12);
    }

    /** Asks, and leaves. */
    @Actor
    public void receiver() {
        leaving.request(2);
        leaving.request(1);
        leaving.cancel();
    }

    /** All of it is somewhere, once. */
    @Arbiter
    public void after(L_Result result) {
        result.r1 = Got.verdict(channel, List.of(10, 11, 12), leaving);
    }
}
