package dev.sluice.nested;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** Somebody asks for 0 groups before the source completes, while somebody else asks for more. */
@JCStressTest
@Outcome(id = "failed", expect = ACCEPTABLE, desc = "Rule 3.9: a request of 0 is answered by a failure.")
@Outcome(expect = FORBIDDEN, desc = "The end that came after the bad request won, or there is none.")
@State
public class GroupBadRequestTest {

    private final Taps<Integer> source = new Taps<>();
    private final HowItEnds<Group<Integer, Integer>> below = new HowItEnds<>();

    /** There is no group yet. */
    public GroupBadRequestTest() {
        NestedFlux.<Integer, Integer>groupBy(source, i -> i).subscribe(below);
    }

    /** First asks for nothing, then completes. */
    @Actor
    public void source() {
        below.request(0);
        source.complete();
    }

    /** Asks. */
    @Actor
    public void subscriber() {
        below.request(1);
    }

    /** There was one end. */
    @Arbiter
    public void after(L_Result result) {
        result.r1 = below.toString();
    }
}
