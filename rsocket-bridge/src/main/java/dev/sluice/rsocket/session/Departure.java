package dev.sluice.rsocket.session;

import dev.sluice.rsocket.wire.Code;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The orderly end of a session: from GOAWAY on, of whichever side, no calls are made, what runs may finish, and then this side hangs up, at the latest
 * after a while. Both sides do so: a side that said GOAWAY may be waiting for the other to leave. On the event loop.
 */
final class Departure {

    private final Session session;
    private final Runnable hangUp;
    private @Nullable Throwable refusal;

    /** What the other side has said of its leave. */
    private @Nullable String farewell;

    private @Nullable Runnable timer;
    private long hangsUpAt;

    Departure(Session session, Runnable hangUp) {
        this.session = session;
        this.hangUp = hangUp;
    }

    /** Says that this side leaves; said again, it can leave earlier than it said before, but not later. */
    void announce(String text, Duration timeout) {
        if (refusal == null) {
            session.outbound().goAway(Code.UNAVAILABLE, text);
        }
        begin("the session is closing: " + text, Code.UNAVAILABLE, timeout);
    }

    /** The other side has said that it leaves. */
    void announced(Code code, String text) {
        farewell = text;
        begin("the other side is going away: " + text, code, session.options().leaveTimeout());
    }

    private void begin(String why, Code code, Duration timeout) {
        if (refusal == null) {
            Throwable refused = Failures.of(code, why);
            refusal = refused;
            session.outbound().refuseCalls(refused);
        }
        long at = System.nanoTime() + timeout.toNanos();
        if (timer == null || at - hangsUpAt < 0) {
            Loop.cancel(timer);
            hangsUpAt = at;
            timer = session.schedule(hangUp, timeout.toNanos());
        }
    }

    boolean isBegun() {
        return refusal != null;
    }

    /** Why no more calls are made; null while they are. */
    @Nullable Throwable refusal() {
        return refusal;
    }

    /** How the loss of the connection is told: what the other side has said of it, if it has. */
    String loss() {
        String connection = "the connection to " + session.remoteAddress();
        return farewell == null ? connection + " was lost" : connection + " was ended by the other side: " + farewell;
    }

    /** The session has ended. */
    void close() {
        Loop.cancel(timer);
    }
}
