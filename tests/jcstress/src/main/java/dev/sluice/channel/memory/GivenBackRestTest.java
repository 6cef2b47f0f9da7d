package dev.sluice.channel.memory;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.sluice.channel.Channel;
import dev.sluice.channel.Delivery;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZL_Result;
import reactor.core.Disposable;

/** The rest of an element is given back while its receiver leaves. */
@JCStressTest
@Outcome(
        id = "true, the rest",
        expect = ACCEPTABLE,
        desc = "The beginning was taken, and the next receiver gets the rest.")
@Outcome(id = "false, the whole", expect = ACCEPTABLE, desc = "The receiver had left before, with nothing taken.")
@Outcome(expect = FORBIDDEN, desc = "The element was lost, doubled, or its beginning taken twice or by nobody.")
@State
public class GivenBackRestTest {

    private final Channel<Integer> channel = Channel.create(1);
    private final List<Delivery<Integer>> deliveries = new CopyOnWriteArrayList<>();
    private final Disposable receiver;

    /** One delivery in hand. */
    public GivenBackRestTest() {
        channel.trySend(10);
        receiver = channel.receiveAcked("g").take(2).limitRate(1).subscribe(deliveries::add);
    }

    /** Takes the beginning, and gives back the rest. */
    @Actor
    public void taker(ZL_Result result) {
        result.r1 = deliveries.get(0).nack(5);
    }

    /** Leaves, maybe with the rest in hand. */
    @Actor
    public void leaver() {
        receiver.dispose();
    }

    /** Another receiver gets it once. */
    @Arbiter
    public void after(ZL_Result result) {
        List<Delivery<Integer>> next = new CopyOnWriteArrayList<>();
        channel.receiveAcked("g").subscribe(next::add);
        if (next.size() != 1) {
            result.r2 = next.isEmpty() ? "lost" : "duplicated";
            return;
        }
        Delivery<Integer> again = next.get(0);
        boolean rest = again.value() == 5 && again.partial();
        boolean whole = again.value() == 10 && !again.partial();
        result.r2 =
                !again.redelivered() ? "without a mark" : rest ? "the rest" : whole ? "the whole" : "wrongly marked";
    }
}
