package dev.sluice.pipes;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.sluice.directory.GroupTerms;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** A member comes at the moment a pipe is given up. */
@JCStressTest
@Outcome(id = "true, false", expect = ACCEPTABLE, desc = "The member has the pipe, which stays.")
@Outcome(id = "false, true", expect = ACCEPTABLE, desc = "The pipe is gone, and the member is told.")
@Outcome(expect = FORBIDDEN, desc = "A member of a pipe that is gone, or neither.")
@State
public class PipeGivenUpTest {
    private final Pipe pipe = new Pipe("billing", GroupTerms.defaults(), "origin", 0, 0);

    /** Comes. */
    @Actor
    public void member(ZZ_Result result) {
        result.r1 = pipe.enter();
    }

    /** Gives it up. */
    @Actor
    public void keeper(ZZ_Result result) {
        result.r2 = pipe.giveUp();
    }
}
