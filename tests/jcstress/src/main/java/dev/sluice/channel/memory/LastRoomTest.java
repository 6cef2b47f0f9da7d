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
import org.openjdk.jcstress.infra.results.ZZL_Result;

/** Two senders try for the last room. */
@JCStressTest
@Outcome(
        id = {"true, false, fine", "false, true, fine"},
        expect = ACCEPTABLE,
        desc = "One of them has it.")
@Outcome(expect = FORBIDDEN, desc = "FULL although there was room, or more accepted than there is room for.")
@State
public class LastRoomTest {

    private final Channel<Integer> channel = Channel.create(1);
    private final Got receiver = Got.of(channel.receive());

    /** Tries. */
    @Actor
    public void first(ZZL_Result result) {
        result.r1 = channel.trySend(10) == ACCEPTED;
    }

    /** Tries too. */
    @Actor
    public void second(ZZL_Result result) {
        result.r2 = channel.trySend(20) == ACCEPTED;
    }

    /** There is no more, and what was accepted is there. */
    @Arbiter
    public void after(ZZL_Result result) {
        boolean more = channel.trySend(30) == ACCEPTED;
        receiver.request(Long.MAX_VALUE);
        result.r3 =
                !more && receiver.count() == 1 ? "fine" : "more room: " + more + ", received " + receiver.elements();
    }
}
