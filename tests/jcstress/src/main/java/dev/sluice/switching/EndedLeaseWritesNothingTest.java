package dev.sluice.switching;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.sluice.channel.Channel;
import dev.sluice.channel.SendResult;
import java.util.List;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** A holder sends while its lease ends, and the next sender follows. */
@JCStressTest
@Outcome(id = "fine", expect = ACCEPTABLE, desc = "Whatever the holder got in is before whatever came after its lease.")
@Outcome(expect = FORBIDDEN, desc = "A holder wrote after its lease had ended.")
@State
public class EndedLeaseWritesNothingTest {
    private final Channel<Integer> channel = Channel.create(16);
    private final ServiceRegistry<Integer> registry = ServiceRegistry.create();
    private final ExclusiveLease<Integer> lease = registry.exclusive(
                    channel, "holder", LeaseOptions.<Integer>builder().noTtl().build())
            .block();
    private int accepted;

    /** Sends. */
    @Actor
    public void holder() {
        accepted += lease.sender().trySend(1) == SendResult.ACCEPTED ? 1 : 0;
        accepted += lease.sender().trySend(2) == SendResult.ACCEPTED ? 1 : 0;
    }

    /** Ends the lease and sends. */
    @Actor
    public void next() {
        lease.close().block();
        channel.trySend(9);
    }

    /** The next one's element is last. */
    @Arbiter
    public void after(L_Result result) {
        List<Integer> all = Contents.of(channel);
        boolean last = !all.isEmpty() && all.get(all.size() - 1) == 9 && all.size() == accepted + 1;
        result.r1 = last ? "fine" : all + ", accepted " + accepted;
    }
}
