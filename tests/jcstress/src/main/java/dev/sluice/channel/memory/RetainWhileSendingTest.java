package dev.sluice.channel.memory;

import static dev.sluice.channel.SendResult.ACCEPTED;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.sluice.channel.Channel;
import dev.sluice.channel.Position;
import dev.sluice.channel.Retention;
import java.time.Duration;
import java.util.List;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** A channel begins to retain by age, so that its elements get stamps, while others send. */
@JCStressTest
@Outcome(id = "fine", expect = ACCEPTABLE, desc = "All is there to be received, and retained.")
@Outcome(expect = FORBIDDEN, desc = "The change lost or doubled an element, or its time.")
@State
public class RetainWhileSendingTest {

    private final Channel<Integer> channel = Channel.create(4);
    private final Got group = Got.of(channel.receive());
    private boolean refused;

    /** One element goes by, so that the next take the lane that does not lock. */
    public RetainWhileSendingTest() {
        refused = channel.trySend(10) != ACCEPTED;
        group.request(1);
    }

    /** Sends. */
    @Actor
    public void sender() {
        refused |= channel.trySend(11) != ACCEPTED;
        refused |= channel.trySend(12) != ACCEPTED;
    }

    /** Retains. */
    @Actor
    public void keeper() {
        channel.retain(Retention.forLast(Duration.ofHours(1))).subscribe();
    }

    /** What was sent is there, both for receivers and for those who come later. */
    @Arbiter
    public void after(L_Result result) {
        Got late = Got.of(channel.listen(Position.earliest()));
        late.request(Long.MAX_VALUE);
        group.request(Long.MAX_VALUE);
        boolean received = group.elements().equals(List.of(10, 11, 12));
        boolean retained = late.elements().equals(List.of(11, 12));
        result.r1 = received && retained && !refused ? "fine" : group.elements() + " " + late.elements() + refused;
    }
}
