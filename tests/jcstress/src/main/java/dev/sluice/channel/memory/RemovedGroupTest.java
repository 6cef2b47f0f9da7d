package dev.sluice.channel.memory;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.sluice.channel.Channel;
import dev.sluice.channel.ChannelOptions;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** The only group is removed while elements are sent and received. */
@JCStressTest
@Outcome(id = "fine", expect = ACCEPTABLE, desc = "Everything is delivered, discarded, or waits for the next group.")
@Outcome(expect = FORBIDDEN, desc = "An element is neither delivered nor discarded, or both.")
@State
public class RemovedGroupTest {

    private final List<Integer> all = new CopyOnWriteArrayList<>();
    private final Channel<Integer> channel = Channel.create(ChannelOptions.builder()
            .capacity(3)
            .onDiscard(element -> all.add((Integer) element))
            .build());
    private final Got receiver = Got.of(channel.receive());

    /** Sends. */
    @Actor
    public void sender() {
        channel.trySend(10);
        channel.trySend(11);
    }

    /** Asks for one, and removes. */
    @Actor
    public void remover() {
        receiver.request(1);
        channel.removeGroup(Channel.DEFAULT_GROUP).subscribe();
    }

    /** Everything is somewhere, once. */
    @Arbiter
    public void after(L_Result result) {
        all.addAll(receiver.elements());
        Got next = Got.of(channel.receive());
        next.request(Long.MAX_VALUE);
        all.addAll(next.elements());
        result.r1 = receiver.isEnded() ? Got.verdict(all, List.of(10, 11)) : "the receiver does not know the end";
    }
}
