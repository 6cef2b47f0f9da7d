package dev.sluice.nested;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** The announcements of a concat fail between two sources while more is asked for. */
@JCStressTest
@Outcome(id = "failed", expect = ACCEPTABLE, desc = "The failure came through.")
@Outcome(expect = FORBIDDEN, desc = "It completed as if that had been all, or did not end.")
@State
public class ConcatAnnouncementsFailTest {

    private final Taps<Taps<Integer>> announcements = new Taps<>();
    private final HowItEnds<Integer> below = new HowItEnds<>();

    /** No source is open. */
    public ConcatAnnouncementsFailTest() {
        NestedFlux.<Taps<Integer>, Integer>concat(announcements, s -> s).subscribe(below);
    }

    /** Fails. */
    @Actor
    public void announcer() {
        announcements.fail();
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
