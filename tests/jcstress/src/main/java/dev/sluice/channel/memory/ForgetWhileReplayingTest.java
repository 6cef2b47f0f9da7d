package dev.sluice.channel.memory;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.sluice.channel.Channel;
import dev.sluice.channel.ChannelOptions;
import dev.sluice.channel.Position;
import dev.sluice.channel.Retention;
import java.util.List;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** A channel forgets what it retains while a listener reads that, and a slow group holds the rest. */
@JCStressTest
@Outcome(id = "fine", expect = ACCEPTABLE, desc = "The listener hears all it was promised, and what comes then.")
@Outcome(expect = FORBIDDEN, desc = "Something was lost or came twice.")
@State
public class ForgetWhileReplayingTest {

    private final Channel<Integer> channel =
            Channel.create(ChannelOptions.builder().retention(Retention.all()).build());
    private final Got group = Got.of(channel.receive());
    private final Got listener;

    /** Two elements are in the history, and two in the ring. */
    public ForgetWhileReplayingTest() {
        group.request(2);
        for (int element = 10; element < 14; element++) {
            channel.send(element).subscribe();
        }
        listener = Got.of(channel.listen(Position.earliest()));
        listener.request(1);
    }

    /** Listens on. */
    @Actor
    public void listens() {
        listener.request(2);
    }

    /** Forgets; then the slow group lets go of what it held. */
    @Actor
    public void forgets() {
        channel.retain(Retention.none()).subscribe();
        group.request(9);
    }

    /** Nothing is amiss, and nothing kept. */
    @Arbiter
    public void after(L_Result result) {
        channel.send(14).subscribe();
        listener.request(9);
        List<Integer> all = List.of(10, 11, 12, 13, 14);
        Got late = Got.of(channel.listen(Position.earliest()));
        late.request(9);
        boolean fine = group.elements().equals(all) && listener.elements().equals(all) && late.count() == 0;
        result.r1 = fine ? "fine" : group.elements() + " " + listener.elements() + " " + late.elements();
    }
}
