package dev.sluice.channel.memory;

import static dev.sluice.channel.SendResult.ACCEPTED;
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

/** A channel nobody uses is deleted while somebody sends to it. */
@JCStressTest
@Outcome(id = "ACCEPTED, false, fine", expect = ACCEPTABLE, desc = "It stays, with the element.")
@Outcome(id = "CLOSED, true, fine", expect = ACCEPTABLE, desc = "It is gone, and the element was refused.")
@Outcome(expect = FORBIDDEN, desc = "An element was accepted by a channel that is gone, or refused by one that stays.")
@State
public class ExpireWhileSendingTest {

    private final Channels channels = Channels.inMemory();
    private final Channel<Frame> channel = channels.channel("a");

    /** Where one receiver has come and gone, sends take the lane that does not lock. */
    public ExpireWhileSendingTest() {
        SendResult unused = channel.trySend(Frame.EMPTY);
        channel.receive().blockFirst();
    }

    /** Sends. */
    @Actor
    public void sender(LLL_Result result) {
        result.r1 = channel.trySend(Frame.EMPTY);
    }

    /** Deletes. */
    @Actor
    public void sweeper(LLL_Result result) {
        result.r2 = channels.deleteIfIdle("a").block();
    }

    /** Who looks finds the element, or a new channel. */
    @Arbiter
    public void after(LLL_Result result) {
        boolean stays = channels.channel("a") == channel;
        boolean holds = channel.stats().block().buffered() == 1;
        boolean accepted = result.r1 == ACCEPTED;
        result.r3 = accepted == stays && accepted == holds && stays != channel.isClosed()
                ? "fine"
                : "stays " + stays + " holds " + holds;
    }
}
