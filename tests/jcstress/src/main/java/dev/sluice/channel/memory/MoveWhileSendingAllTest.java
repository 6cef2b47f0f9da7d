package dev.sluice.channel.memory;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.sluice.channel.ChannelOptions;
import dev.sluice.channel.spi.Move;
import dev.sluice.channel.spi.Moves;
import dev.sluice.channel.spi.Route;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;
import reactor.core.publisher.Flux;

/** A route is moved to another channel while elements are committed together by it, as far as there is room. */
@JCStressTest
@Outcome(id = "fine", expect = ACCEPTABLE, desc = "Before the move into the old one, after it into the new one.")
@Outcome(expect = FORBIDDEN, desc = "An element is in both channels, or in none, or out of order.")
@State
public class MoveWhileSendingAllTest {

    private final MemoryChannel<Integer> before =
            new MemoryChannel<>(ChannelOptions.builder().capacity(2).build());
    private final MemoryChannel<Integer> after =
            new MemoryChannel<>(ChannelOptions.builder().capacity(3).build());
    private final Route<Integer> route = new Route<>(before);

    /** Sends more than there is room for before the move. */
    @Actor
    public void sender() {
        route.sendAll(Flux.just(10, 11, 12, 13)).subscribe(new Got());
    }

    /** Moves. */
    @Actor
    public void mover() {
        Moves.make(List.of(new Move<>(route, before, after, true)));
    }

    /** The old one has the first ones, the new one the rest. */
    @Arbiter
    public void after(L_Result result) {
        Got old = Got.of(before.receive());
        Got recent = Got.of(after.receive());
        old.request(Long.MAX_VALUE);
        recent.request(Long.MAX_VALUE);
        List<Integer> all = new ArrayList<>(old.elements());
        all.addAll(recent.elements());
        result.r1 = all.equals(List.of(10, 11, 12, 13)) ? "fine" : old.elements() + " and " + recent.elements();
    }
}
