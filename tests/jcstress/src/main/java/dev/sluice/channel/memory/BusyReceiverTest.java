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

/** Two senders and a receiver with demand, which may be busy when the second element comes. */
@JCStressTest
@Outcome(id = "fine", expect = ACCEPTABLE, desc = "Whoever delivers looks again before it rests.")
@Outcome(expect = FORBIDDEN, desc = "An element waits beside a receiver with demand: a wake-up was lost.")
@State
public class BusyReceiverTest {

    private final Channel<Integer> channel = Channel.create(2);
    private final Got receiver = Got.of(channel.receive());

    /** The receiver asks for as much as it can get. */
    public BusyReceiverTest() {
        receiver.request(Long.MAX_VALUE);
    }

    /** Sends. */
    @Actor
    public void first() {
        channel.trySend(10);
    }

    /** Sends too. */
    @Actor
    public void second() {
        channel.trySend(20);
    }

    /** Both have come. */
    @Arbiter
    public void after(L_Result result) {
        result.r1 = receiver.count() == 2 ? "fine" : receiver.elements().toString();
    }
}
