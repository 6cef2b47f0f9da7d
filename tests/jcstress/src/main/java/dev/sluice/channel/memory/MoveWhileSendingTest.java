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

/** A route is moved to another channel while elements are sent by it. */
@JCStressTest
@Outcome(id = "fine", expect = ACCEPTABLE, desc = "Before the move into the old one, after it into the new one.")
@Outcome(
        expect = FORBIDDEN,
        desc = "An element is in both channels, in none, out of order, or entered the old one after the move.")
@State
public class MoveWhileSendingTest {

    private final MemoryChannel<Integer> before = new MemoryChannel<>(ChannelOptions.defaults());
    private final MemoryChannel<Integer> after = new MemoryChannel<>(ChannelOptions.defaults());
    private final Route<Integer> route = new Route<>(before);

    /** Sends. */
    @Actor
    public void sender() {
        route.trySend(10);
        route.trySend(11);
        route.trySend(12);
    }

    private long inOld;

    /** Moves. */
    @Actor
    public void mover() {
        Moves.make(List.of(new Move<>(route, before, after, true)));
        inOld = before.nextOffset();
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
        if (old.count() > inOld) {
            result.r1 = "the old one after the move";
        } else {
            result.r1 = all.equals(List.of(10, 11, 12)) ? "fine" : old.elements() + " and " + recent.elements();
        }
    }
}
