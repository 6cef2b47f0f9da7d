package dev.sluice.channel.memory;

import static dev.sluice.channel.SendResult.ACCEPTED;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.sluice.channel.Channel;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/** A channel is closed while somebody sends. */
@JCStressTest
@Outcome(
        id = {"ACCEPTED, fine", "CLOSED, fine"},
        expect = ACCEPTABLE,
        desc = "Accepted means received.")
@Outcome(
        expect = FORBIDDEN,
        desc = "An accepted element was lost, a refused one delivered, or the receiver does not know the end.")
@State
public class CloseWhileSendingTest {

    private final Channel<Integer> channel = Channel.create(2);
    private final Got receiver = Got.of(channel.receive());

    /** A receiver waits. */
    public CloseWhileSendingTest() {
        receiver.request(1);
    }

    /** Sends. */
    @Actor
    public void sender(LL_Result result) {
        result.r1 = channel.trySend(10);
    }

    /** Closes. */
    @Actor
    public void closer() {
        channel.close();
    }

    /** The end comes after what is left. */
    @Arbiter
    public void after(LL_Result result) {
        boolean accepted = result.r1 == ACCEPTED;
        result.r2 = accepted == receiver.has(10) && receiver.isEnded()
                ? "fine"
                : receiver.elements() + " ended " + receiver.isEnded();
    }
}
