package dev.sluice.channel.memory;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.sluice.channel.Channel;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** Two receivers ask for the one element there is. */
@JCStressTest
@Outcome(id = "one", expect = ACCEPTABLE, desc = "One of them has it.")
@Outcome(expect = FORBIDDEN, desc = "Both have it, or nobody.")
@State
public class TwoReceiversOneElementTest {

    private final Channel<Integer> channel = Channel.create(1);
    private final Got first = Got.of(channel.receive());
    private final Got second = Got.of(channel.receive());

    /** One element waits. */
    public TwoReceiversOneElementTest() {
        channel.trySend(10);
    }

    /** Asks. */
    @Actor
    public void first() {
        first.request(1);
    }

    /** Asks too. */
    @Actor
    public void second() {
        second.request(1);
    }

    /** Counts. */
    @Arbiter
    public void after(L_Result result) {
        result.r1 = switch (first.count() + second.count()) {
            case 0 -> "lost";
            case 1 -> "one";
            default -> "both";
        };
    }
}
