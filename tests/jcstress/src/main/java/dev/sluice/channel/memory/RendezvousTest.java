package dev.sluice.channel.memory;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.sluice.channel.Channel;
import java.util.List;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** A send and a receiver meet where nothing may wait. */
@JCStressTest
@Outcome(id = "met", expect = ACCEPTABLE, desc = "Delivered, and the sender knows.")
@Outcome(expect = FORBIDDEN, desc = "The send waits though a receiver asks, or completed without delivery.")
@State
public class RendezvousTest {

    private final Channel<Integer> channel = Channel.create(0);
    private final Got receiver = Got.of(channel.receive());
    private final Got send = Got.of(channel.send(10).cast(Object.class).hide());

    /** Sends another one. */
    @Actor
    public void sender() {
        channel.send(11).subscribe(sent);
    }

    private final Got sent = new Got();

    /** Asks for both. */
    @Actor
    public void receiver() {
        receiver.request(1);
        receiver.request(1);
    }

    /** Both sides know. */
    @Arbiter
    public void after(L_Result result) {
        boolean known = send.isEnded() && sent.isEnded();
        result.r1 = known && receiver.elements().equals(List.of(10, 11))
                ? "met"
                : receiver.elements() + (known ? "" : ", a sender waits");
    }
}
