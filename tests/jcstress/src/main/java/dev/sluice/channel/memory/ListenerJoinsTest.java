package dev.sluice.channel.memory;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.sluice.channel.Channel;
import dev.sluice.channel.ChannelOptions;
import dev.sluice.channel.Position;
import dev.sluice.channel.Retention;
import dev.sluice.channel.WhenNoGroup;
import java.util.List;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** A listener joins from the beginning while elements are sent. */
@JCStressTest
@Outcome(id = "fine", expect = ACCEPTABLE, desc = "Every element once, in order.")
@Outcome(expect = FORBIDDEN, desc = "A gap or a repetition between what is replayed and what is live.")
@State
public class ListenerJoinsTest {

    private final Channel<Integer> channel = Channel.create(ChannelOptions.builder()
            .capacity(2)
            .retention(Retention.all())
            .whenNoGroup(WhenNoGroup.DISCARD)
            .build());
    private final Got listener = new Got();

    /** One element is there before. */
    public ListenerJoinsTest() {
        channel.trySend(10);
    }

    /** Sends. */
    @Actor
    public void sender() {
        channel.trySend(11);
        channel.trySend(12);
    }

    /** Joins, and asks. */
    @Actor
    public void listener() {
        channel.listen(Position.earliest()).subscribe(listener);
        listener.request(Long.MAX_VALUE);
    }

    /** It has everything. */
    @Arbiter
    public void after(L_Result result) {
        result.r1 = listener.elements().equals(List.of(10, 11, 12))
                ? "fine"
                : listener.elements().toString();
    }
}
