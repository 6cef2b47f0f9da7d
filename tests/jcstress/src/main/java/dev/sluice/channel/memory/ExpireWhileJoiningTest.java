package dev.sluice.channel.memory;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.sluice.Frame;
import dev.sluice.channel.Channel;
import dev.sluice.channel.Channels;
import dev.sluice.channel.SendResult;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;

/** A channel nobody uses is deleted while somebody comes to receive, into a group that is there. */
@JCStressTest
@Outcome(id = "joined, false, fine", expect = ACCEPTABLE, desc = "It stays, and the receiver gets what is sent.")
@Outcome(id = "refused, true, fine", expect = ACCEPTABLE, desc = "It is gone, and the receiver knows.")
@Outcome(
        expect = FORBIDDEN,
        desc =
                "A receiver waits at a channel that is gone, takes that for the end of what is sent, or was refused by one that stays.")
@State
public class ExpireWhileJoiningTest {

    private final Channels channels = Channels.inMemory();
    private final Channel<Frame> channel = channels.channel("a");
    private Got receiver;
    private boolean completed;

    /** The group is there, without a member. */
    public ExpireWhileJoiningTest() {
        Got.of(channel.receive()).cancel();
    }

    /** Joins. */
    @Actor
    public void receiver(LLL_Result result) {
        receiver = Got.of(channel.receive().map(frame -> 10).doOnComplete(() -> completed = true));
        receiver.request(1);
        result.r1 = completed ? "completed" : receiver.isEnded() ? "refused" : "joined";
    }

    /** Deletes. */
    @Actor
    public void sweeper(LLL_Result result) {
        result.r2 = channels.deleteIfIdle("a").block();
    }

    /** What is sent by name reaches who has joined. */
    @Arbiter
    public void after(LLL_Result result) {
        boolean sent = channels.channel("a").trySend(Frame.EMPTY) == SendResult.ACCEPTED;
        boolean joined = "joined".equals(result.r1);
        result.r3 = sent && joined == receiver.has(10) && joined != receiver.isEnded()
                ? "fine"
                : "sent " + sent + " got " + receiver.elements();
    }
}
