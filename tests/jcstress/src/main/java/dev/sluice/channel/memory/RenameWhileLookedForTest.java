package dev.sluice.channel.memory;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.sluice.Frame;
import dev.sluice.channel.Channel;
import dev.sluice.channel.Channels;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZZ_Result;

/** A channel is renamed while somebody looks for it under its old name, its new one, and its old one again. */
@JCStressTest
@Outcome(id = "true, false, true", expect = ACCEPTABLE, desc = "It has the old name still.")
@Outcome(id = "true, false, false", expect = ACCEPTABLE, desc = "It went when the new name had been looked for.")
@Outcome(id = "true, true, false", expect = ACCEPTABLE, desc = "It went when the old name had been looked for.")
@Outcome(id = "false, true, false", expect = ACCEPTABLE, desc = "It has the new name.")
@Outcome(expect = FORBIDDEN, desc = "It had two names at once, or none.")
@State
public class RenameWhileLookedForTest {

    private final Channels channels = Channels.inMemory();
    private final Channel<Frame> channel = channels.channel("a");

    /** Renames. */
    @Actor
    public void renamer() {
        channels.rename("a", "b").subscribe();
    }

    /** Looks for it, and never makes one. */
    @Actor
    public void seeker(ZZZ_Result result) {
        result.r1 = channels.find("a").block() == channel;
        result.r2 = channels.find("b").block() == channel;
        result.r3 = channels.find("a").block() == channel;
    }
}
