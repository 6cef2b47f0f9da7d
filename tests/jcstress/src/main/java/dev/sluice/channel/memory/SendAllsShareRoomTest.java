package dev.sluice.channel.memory;

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
import reactor.core.publisher.Flux;

/** Two senders have two elements each that are committed together where there is room, and there is room for three. */
@JCStressTest
@Outcome(id = "fine", expect = ACCEPTABLE, desc = "Three had room at first; all arrive, those of each sender in order.")
@Outcome(expect = FORBIDDEN, desc = "More or fewer had room, or an element was lost, doubled or reordered.")
@State
public class SendAllsShareRoomTest {

    private final Channel<Integer> channel = Channel.create(2);
    private final Got receiver = Got.of(channel.receive());
    private final Got first = new Got();
    private final Got second = new Got();

    /** Sends two. */
    @Actor
    public void first() {
        channel.sendAll(Flux.just(10, 11)).subscribe(first);
    }

    /** Sends two others. */
    @Actor
    public void second() {
        channel.sendAll(Flux.just(20, 21)).subscribe(second);
    }

    /** Makes room for one more. */
    @Actor
    public void receiver() {
        receiver.request(1);
    }

    /** One sender waits, for its last element. */
    @Arbiter
    public void after(L_Result result) {
        if (first.isEnded() == second.isEnded()) {
            result.r1 = first.isEnded() ? "more had room" : "both wait";
        } else if (receiver.count() != 1) {
            result.r1 = "idle receiver";
        } else {
            result.r1 = Got.verdict(channel, List.of(10, 11, 20, 21), receiver);
        }
    }
}
