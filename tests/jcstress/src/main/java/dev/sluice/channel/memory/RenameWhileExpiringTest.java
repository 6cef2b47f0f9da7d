package dev.sluice.channel.memory;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.sluice.Frame;
import dev.sluice.channel.Channel;
import dev.sluice.channel.Channels;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZL_Result;

/** A channel nobody uses is renamed, and deleted as idle. */
@JCStressTest
@Outcome(id = "true, false, fine", expect = ACCEPTABLE, desc = "It has the other name, and stays.")
@Outcome(id = "false, true, fine", expect = ACCEPTABLE, desc = "It is gone, and there is nothing to rename.")
@Outcome(expect = FORBIDDEN, desc = "It was both renamed and deleted, or neither.")
@State
public class RenameWhileExpiringTest {

    private final Channels channels = Channels.inMemory();
    private final Channel<Frame> channel = channels.channel("a");

    /** Renames. */
    @Actor
    public void renamer(ZZL_Result result) {
        result.r1 = channels.rename("a", "b").block();
    }

    /** Deletes, under the one name or the other. */
    @Actor
    public void sweeper(ZZL_Result result) {
        result.r2 =
                channels.deleteIfIdle("a").block() || channels.deleteIfIdle("b").block();
    }

    /** It is where the rename says. */
    @Arbiter
    public void after(ZZL_Result result) {
        boolean there = channels.find("b").block() == channel && !channel.isClosed();
        boolean gone = channels.count().block() == 0 && channel.isClosed();
        result.r3 = result.r1 == there && result.r2 == gone ? "fine" : "there " + there + " gone " + gone;
    }
}
