package dev.sluice.switching;

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

/** A lease is given back while its channel closes. */
@JCStressTest
@Outcome(
        id = {"CLOSED", "CHANNEL_CLOSED"},
        expect = ACCEPTABLE,
        desc = "The first reason counts.")
@Outcome(expect = FORBIDDEN, desc = "It ended twice, or not at all.")
@State
public class LeaseEndsOnceTest {
    private final Channel<Integer> channel = Channel.create(16);
    private final ServiceRegistry<Integer> registry = ServiceRegistry.create();
    private final ExclusiveLease<Integer> lease = registry.exclusive(
                    channel, "holder", LeaseOptions.<Integer>builder().noTtl().build())
            .block();
    private final AtomicInteger ends = new AtomicInteger();

    /** Gives it back. */
    @Actor
    public void holder() {
        registry.events()
                .filter(event -> event instanceof ServiceEvent.LeaseEnded)
                .subscribe(event -> ends.incrementAndGet());
        lease.close().block();
    }

    /** Closes the channel. */
    @Actor
    public void closer() {
        channel.close();
    }

    /** Once. */
    @Arbiter
    public void after(L_Result result) {
        LeaseEnd end = lease.ended().toFuture().getNow(null);
        result.r1 = ends.get() > 1 ? "twice" : String.valueOf(end);
    }
}
