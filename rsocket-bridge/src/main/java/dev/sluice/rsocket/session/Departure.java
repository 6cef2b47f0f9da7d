package dev.sluice.rsocket.session;

import dev.sluice.rsocket.wire.Code;
import org.jspecify.annotations.Nullable;

/**
 * The orderly end of a session: from GOAWAY on, of whichever side, no calls are made, what runs may finish, and then this side hangs up, at the latest
 * after the close timeout. Both sides do so: a side that said GOAWAY may be waiting for the other to leave. On the event loop.
 */
final class Departure {

    private final Session session;
    private final Runnable hangUp;
    private @Nullable Throwable refusal;
    private @Nullable Runnable timer;

    Departure(Session session, Runnable hangUp) {
        this.session = session;
        this.hangUp = hangUp;
    }

    /** Says that this side leaves. */
    void announce(String text) {
        if (refusal == null) {
            session.outbound().goAway(Code.UNAVAILABLE, text);
        }
        begin("the session is closing: " + text, Code.UNAVAILABLE);
    }

    /** The other side has said that it leaves. */
    void announced(Code code, String text) {
        begin("the other side is going away: " + text, code);
    }

    private void begin(String why, Code code) {
        if (refusal == null) {
            Throwable refused = Failures.of(code, why);
            refusal = refused;
            timer = session.schedule(hangUp, session.options().closeTimeout().toNanos());
            session.outbound().refuseCalls(refused);
        }
    }

    boolean isBegun() {
        return refusal != null;
    }

    /** Why no more calls are made; null while they are. */
    @Nullable Throwable refusal() {
        return refusal;
    }

    /** The session has ended. */
    void close() {
        Loop.cancel(timer);
    }
}
