package dev.sluice.channel.memory;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.sluice.channel.Channel;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;
import reactor.core.publisher.Flux;

/** Sends a publisher through a channel with room for one, while a receiver takes. */
@JCStressTest
@Outcome(id = "fine", expect = ACCEPTABLE, desc = "Never asked for more than there was room for.")
@Outcome(
        expect = FORBIDDEN,
        desc = "The publisher was asked for more than there was room for, or an element was lost or reordered.")
@State
public class SendAllTest {

    private final Channel<Integer> channel = Channel.create(1);
    private final Got receiver = Got.of(channel.receive());
    private final AtomicLong asked = new AtomicLong();
    private final Got sending = new Got();

    /** Sends three. */
    @Actor
    public void sender() {
        channel.sendAll(Flux.range(10, 3).hide().doOnRequest(asked::addAndGet)).subscribe(sending);
    }

    /** Makes room for one more. */
    @Actor
    public void receiver() {
        receiver.request(1);
    }

    /** Two had room. */
    @Arbiter
    public void after(L_Result result) {
        if (asked.get() > 2) {
            result.r1 = "asked for " + asked;
        } else if (receiver.count() != 1) {
            result.r1 = "idle receiver";
        } else {
            result.r1 = Got.verdict(channel, List.of(10, 11, 12), receiver);
        }
    }
}
