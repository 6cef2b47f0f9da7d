package dev.sluice.channel.memory;

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
import reactor.core.Disposable;

/** A send that waits is cancelled while a receiver asks. */
@JCStressTest
@Outcome(
        id = {"delivered", "withdrawn"},
        expect = ACCEPTABLE,
        desc = "One or the other.")
@Outcome(expect = FORBIDDEN, desc = "Accepted but withdrawn, withdrawn but delivered, or neither.")
@State
public class CancelledSendTest {

    private final Channel<Integer> channel = Channel.create(0);
    private final Got receiver = Got.of(channel.receive());
    private final AtomicInteger completed = new AtomicInteger();
    private final AtomicInteger discarded = new AtomicInteger();
    private final Disposable send = channel.send(10)
            .doOnSuccess(nothing -> completed.incrementAndGet())
            .doOnDiscard(Integer.class, element -> discarded.incrementAndGet())
            .subscribe();

    /** Changes its mind. */
    @Actor
    public void sender() {
        send.dispose();
    }

    /** Asks. */
    @Actor
    public void receiver() {
        receiver.request(1);
    }

    /** A later element comes through in any case. */
    @Arbiter
    public void after(L_Result result) {
        boolean delivered = receiver.has(10);
        if (delivered) {
            result.r1 = discarded.get() == 0 ? "delivered" : "withdrawn but delivered";
        } else if (discarded.get() == 1 && completed.get() == 0) {
            channel.send(11).subscribe();
            result.r1 = receiver.has(11) ? "withdrawn" : "idle receiver";
        } else {
            result.r1 = completed.get() == 1 ? "accepted but withdrawn" : "lost";
        }
    }
}
