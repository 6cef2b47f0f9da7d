package dev.sluice.switching;

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

/** A channel is leased and given back while a service and a raw sender send to it. */
@JCStressTest
@Outcome(id = "fine", expect = ACCEPTABLE, desc = "The elements of the holder are in one run.")
@Outcome(expect = FORBIDDEN, desc = "An element of somebody else came between, or order was lost.")
@State
public class LeaseWhileSendingTest {
    private final Channel<Integer> channel = Channel.create(16);
    private final ServiceRegistry<Integer> registry = ServiceRegistry.create();
    private final SwitchableSink<Integer> service = registry.register("service", channel);

    /** Sends as a service, and past all services. */
    @Actor
    public void sender() {
        service.trySend(1);
        channel.trySend(4);
        service.trySend(2);
        channel.trySend(5);
    }

    /** Writes in one run. */
    @Actor
    public void holder() {
        ExclusiveLease<Integer> lease = registry.exclusive(
                        channel,
                        "holder",
                        LeaseOptions.<Integer>builder().discardOthers().noTtl().build())
                .block();
        lease.sender().trySend(10);
        lease.sender().trySend(11);
        lease.close().block();
    }

    /** One run, and everybody else in order. */
    @Arbiter
    public void after(L_Result result) {
        List<Integer> all = Contents.of(channel);
        int first = all.indexOf(10);
        boolean inOneRun = first >= 0 && first + 1 < all.size() && all.get(first + 1) == 11;
        List<Integer> ofService = all.stream().filter(element -> element <= 3).toList();
        List<Integer> ofRaw =
                all.stream().filter(element -> element == 4 || element == 5).toList();
        boolean inOrder = ofService.equals(ofService.stream().sorted().toList())
                && ofRaw.equals(ofRaw.stream().sorted().toList());
        result.r1 = inOneRun && inOrder ? "fine" : all.toString();
    }
}
