package dev.sluice.nested;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;
import reactor.core.publisher.Flux;

/** The last source of a concat fails while more is asked for. */
@JCStressTest
@Outcome(id = "failed", expect = ACCEPTABLE, desc = "The failure came through.")
@Outcome(expect = FORBIDDEN, desc = "It completed as if the source had, or did not end.")
@State
public class ConcatSourceFailsTest {

    private final Taps<Integer> source = new Taps<>();
    private final HowItEnds<Integer> below = new HowItEnds<>();

    /** All announcements were made. */
    public ConcatSourceFailsTest() {
        NestedFlux.<Taps<Integer>, Integer>concat(Flux.just(source), s -> s).subscribe(below);
    }

    /** Fails. */
    @Actor
    public void source() {
        source.fail();
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
