package dev.sluice.channel.memory;

import static dev.sluice.channel.SendResult.ACCEPTED;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.sluice.channel.Channel;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** A channel shrinks while others send. */
@JCStressTest
@Outcome(
        id = {"1", "2"},
        expect = ACCEPTABLE,
        desc = "As many as the old or the new capacity, all of them delivered.")
@Outcome(
        expect = FORBIDDEN,
        desc =
                "The resize lost an element, or more were accepted than the larger capacity, or there is room afterwards.")
@State
public class ShrinkWhileSendingTest {

    private final Channel<Integer> channel = Channel.create(2);
    private final AtomicInteger accepted = new AtomicInteger();

    /** Sends. */
    @Actor
    public void sender() {
        send(10);
        send(11);
    }

    private void send(int element) {
        if (channel.trySend(element) == ACCEPTED) {
            accepted.incrementAndGet();
        }
    }

    /** Takes the room for one away. */
    @Actor
    public void resizer() {
        channel.resize(1).subscribe();
    }

    /** What was accepted is there. */
    @Arbiter
    public void after(L_Result result) {
        int before = accepted.get();
        send(30);
        Got rest = Got.of(channel.receive());
        rest.request(before);
        boolean lost = rest.count() != before;
        send(31);
        send(32);
        result.r1 = lost ? "lost" : accepted.get() == before + 1 ? before : "over capacity";
    }
}
