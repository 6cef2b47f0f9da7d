package dev.sluice.channel.memory;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.sluice.channel.Channel;
import dev.sluice.channel.Delivery;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;
import reactor.core.Disposable;

/** A delivery is given back and acknowledged at once, while its receiver leaves. */
@JCStressTest
@Outcome(
        id = {"acked", "delivered again"},
        expect = ACCEPTABLE,
        desc = "The first of the three decides.")
@Outcome(expect = FORBIDDEN, desc = "A delivery was settled twice, or its element lost or delivered to two.")
@State
public class GivenBackDeliveryTest {

    private final Channel<Integer> channel = Channel.create(1);
    private final List<Delivery<Integer>> deliveries = new CopyOnWriteArrayList<>();
    private final Delivery<Integer> delivery;
    private final Disposable receiver;
    private final AtomicInteger acks = new AtomicInteger();
    private final AtomicInteger nacks = new AtomicInteger();

    /** One delivery in hand. */
    public GivenBackDeliveryTest() {
        channel.trySend(10);
        receiver = channel.receiveAcked("g").take(2).limitRate(1).subscribe(deliveries::add);
        delivery = deliveries.get(0);
    }

    /** Takes responsibility. */
    @Actor
    public void acker() {
        if (delivery.ack()) {
            acks.incrementAndGet();
        }
    }

    /** Gives it back, and leaves, maybe with it once more. */
    @Actor
    public void leaver() {
        if (delivery.nack()) {
            nacks.incrementAndGet();
        }
        receiver.dispose();
    }

    /** Another receiver gets it exactly if it was not acknowledged. */
    @Arbiter
    public void after(L_Result result) {
        Got next = Got.of(channel.receiveAcked("g"));
        next.request(Long.MAX_VALUE);
        if (acks.get() + nacks.get() > 1) {
            result.r1 = "settled twice";
        } else if (acks.get() == 1) {
            result.r1 = next.count() == 0 ? "acked" : "acked but delivered again";
        } else {
            result.r1 = next.count() == 1 ? "delivered again" : next.count() == 0 ? "lost" : "duplicated";
        }
    }
}
