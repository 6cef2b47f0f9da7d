package dev.sluice.channel.memory;

import static dev.sluice.channel.SendResult.ACCEPTED;
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

/** A sender tries a full channel while a receiver makes room. */
@JCStressTest
@Outcome(id = "fine", expect = ACCEPTABLE, desc = "Accepted or full, and then exactly as much room as there must be.")
@Outcome(expect = FORBIDDEN, desc = "FULL although there was room, over capacity, lost or reordered.")
@State
public class RoomMadeTest {

    private final Channel<Integer> channel = Channel.create(1);
    private final Got receiver = Got.of(channel.receive());
    private volatile SendResult tried;

    /** Full. */
    public RoomMadeTest() {
        channel.trySend(10);
    }

    /** Tries. */
    @Actor
    public void sender() {
        tried = channel.trySend(11);
    }

    /** Takes the one element. */
    @Actor
    public void receiver() {
        receiver.request(1);
    }

    /** There is room for one, by whoever comes first. */
    @Arbiter
    public void after(L_Result result) {
        boolean room = channel.trySend(12) == ACCEPTED;
        boolean more = channel.trySend(13) == ACCEPTED;
        if (more || room == (tried == ACCEPTED)) {
            result.r1 = tried + ", then room: " + room + ", and more: " + more;
        } else {
            result.r1 = Got.verdict(channel, List.of(10, room ? 12 : 11), receiver);
        }
    }
}
