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

/** A channel is closed while a send waits and a receiver asks. */
@JCStressTest
@Outcome(
        id = {"delivered", "refused"},
        expect = ACCEPTABLE,
        desc = "One or the other, and the receiver knows the end.")
@Outcome(expect = FORBIDDEN, desc = "Refused but delivered, or neither.")
@State
public class CloseWhileSendWaitsTest {

    private final Channel<Integer> channel = Channel.create(0);
    private final Got receiver = Got.of(channel.receive());
    private final AtomicInteger completed = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final Disposable send = channel.send(10)
            .doOnSuccess(nothing -> completed.incrementAndGet())
            .subscribe(nothing -> {}, error -> refused.incrementAndGet());

    /** Closes. */
    @Actor
    public void closer() {
        channel.close();
    }

    /** Asks. */
    @Actor
    public void receiver() {
        receiver.request(1);
    }

    /** Exactly one of the two. */
    @Arbiter
    public void after(L_Result result) {
        boolean delivered = receiver.has(10);
        boolean fine = delivered ? completed.get() == 1 && refused.get() == 0 : refused.get() == 1;
        result.r1 = fine && receiver.isEnded() && send.isDisposed()
                ? delivered ? "delivered" : "refused"
                : "completed " + completed + ", refused " + refused + ", ended " + receiver.isEnded();
    }
}
