package dev.sluice.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Two atomic increments never see the same value: the simplest race with a forbidden outcome. */
@JCStressTest
@Outcome(
        id = {"1, 2", "2, 1"},
        expect = ACCEPTABLE,
        desc = "One after the other.")
@Outcome(expect = FORBIDDEN, desc = "An increment was lost.")
@State
public class HarnessSmokeTest {

    private final AtomicInteger value = new AtomicInteger();

    /** Increments once. */
    @Actor
    public void first(II_Result result) {
        result.r1 = value.incrementAndGet();
    }

    /** Increments once, at the same time. */
    @Actor
    public void second(II_Result result) {
        result.r2 = value.incrementAndGet();
    }
}
