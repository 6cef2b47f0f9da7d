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

/** Two senders try for the last room while a receiver makes one more. */
@JCStressTest
@Outcome(
        id = {"true, true, fine", "true, false, fine", "false, true, fine"},
        expect = ACCEPTABLE,
        desc = "As many as there was room for.")
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

    /** Makes room for one more. */
    @Actor
    public void receiver() {
        receiver.request(1);
    }

    /** The rest of the room is there, and no more. */
    @Arbiter
    public void after(ZZL_Result result) {
        int accepted = (result.r1 ? 1 : 0) + (result.r2 ? 1 : 0);
        int more = 0;
        while (channel.trySend(30 + more) == ACCEPTED) {
            more++;
        }
        result.r3 = accepted + more == 2 && receiver.count() == 1 ? "fine" : "room for " + (accepted + more);
    }
}
