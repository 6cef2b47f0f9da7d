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

/** Two senders, and a receiver with little demand. */
@JCStressTest
@Outcome(id = "fine", expect = ACCEPTABLE, desc = "Every element once, in the order of its sender.")
@Outcome(expect = FORBIDDEN, desc = "An element was lost, duplicated or reordered.")
@State
public class SendersAndReceiverTest {

    private final Channel<Integer> channel = Channel.create(4);
    private final Got receiver = Got.of(channel.receive());

    /** Sends two elements. */
    @Actor
    public void sender() {
        channel.trySend(10);
        channel.trySend(11);
    }

    /** Asks for three, one by one, and sends two in between. */
    @Actor
    public void receiver() {
        receiver.request(1);
        channel.trySend(20);
        receiver.request(1);
        channel.trySend(21);
        receiver.request(1);
    }

    /** Nobody was idle while there was something. */
    @Arbiter
    public void after(L_Result result) {
        result.r1 = receiver.count() == 3
                ? Got.verdict(channel, List.of(10, 11, 20, 21), receiver)
                : "idle receiver while elements wait";
    }
}
