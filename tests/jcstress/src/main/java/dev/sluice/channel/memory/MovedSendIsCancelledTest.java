package dev.sluice.channel.memory;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.sluice.channel.ChannelOptions;
import dev.sluice.channel.spi.Move;
import dev.sluice.channel.spi.Moves;
import dev.sluice.channel.spi.Route;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;
import reactor.core.Disposable;

/** A send that waits is moved to another channel while it is cancelled. */
@JCStressTest
@Outcome(id = "withdrawn", expect = ACCEPTABLE, desc = "Nobody gets it.")
@Outcome(expect = FORBIDDEN, desc = "A cancel did not find its send, which was delivered afterwards.")
@State
public class MovedSendIsCancelledTest {

    private final MemoryChannel<Integer> before =
            new MemoryChannel<>(ChannelOptions.builder().capacity(0).build());
    private final MemoryChannel<Integer> after =
            new MemoryChannel<>(ChannelOptions.builder().capacity(0).build());
    private final Route<Integer> route = new Route<>(before);
    private final AtomicInteger discarded = new AtomicInteger();
    private final Disposable send = route.send(10)
            .doOnDiscard(Integer.class, element -> discarded.incrementAndGet())
            .subscribe();

    /** Moves. */
    @Actor
    public void mover() {
        Moves.make(List.of(new Move<>(route, before, after, true)));
    }

    /** Changes its mind. */
    @Actor
    public void sender() {
        send.dispose();
    }

    /** Nobody gets it, wherever it waited. */
    @Arbiter
    public void after(L_Result result) {
        Got old = Got.of(before.receive());
        Got recent = Got.of(after.receive());
        old.request(Long.MAX_VALUE);
        recent.request(Long.MAX_VALUE);
        result.r1 = old.count() + recent.count() > 0
                ? "cancelled but delivered"
                : discarded.get() == 1 ? "withdrawn" : "discarded " + discarded;
    }
}
