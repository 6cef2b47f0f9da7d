package dev.sluice.channel.memory;

import static dev.sluice.channel.SendResult.ACCEPTED;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.sluice.channel.Channel;
import dev.sluice.channel.SendResult;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** A full channel with a waiting send grows while others send. */
@JCStressTest
@Outcome(id = "fine", expect = ACCEPTABLE, desc = "The one who waited is first.")
@Outcome(
        expect = FORBIDDEN,
        desc = "The resize lost an element or a sender, let somebody overtake, or left too much or too little room.")
@State
public class GrowWhileSendingTest {

    private final Channel<Integer> channel = Channel.create(1);
    private final AtomicInteger completed = new AtomicInteger();

    /** One element inside, one send waiting. */
    public GrowWhileSendingTest() {
        channel.trySend(10);
        channel.send(11).doOnSuccess(nothing -> completed.incrementAndGet()).subscribe();
    }

    private volatile SendResult tried;

    /** Makes room for two more. */
    @Actor
    public void resizer() {
        channel.resize(3).subscribe();
    }

    /** Tries to get in. */
    @Actor
    public void sender() {
        tried = channel.trySend(20);
    }

    /** Exactly three have room, the waiting one before the one who tried. */
    @Arbiter
    public void after(L_Result result) {
        boolean room = channel.trySend(30) == ACCEPTED;
        Got rest = Got.of(channel.receive());
        rest.request(Long.MAX_VALUE);
        List<Integer> expected = tried == ACCEPTED ? List.of(10, 11, 20) : List.of(10, 11, 30);
        result.r1 = completed.get() == 1
                        && room == (tried != ACCEPTED)
                        && rest.elements().equals(expected)
                ? "fine"
                : tried + ", " + rest.elements() + ", completed " + completed;
    }
}
