package dev.sluice.rsocket.watch;

import java.util.Objects;

/**
 * Is told what endpoints do. Nothing is heard by default; {@code dev.sluice.rsocket.metrics} has one for Micrometer.
 *
 * <p>Called on event loops, by several at a time: an implementation is thread safe, returns at once, and does not throw.
 */
public interface Watcher {

    /** Hears nothing. */
    Watcher NONE = new Watcher() {};

    /**
     * Tells several watchers what it is told, in their order. Of what they wrap, calls and answers, the first is the outermost; it sees what the others
     * make of them.
     *
     * @return is told; {@link #NONE} when there are none besides that
     */
    static Watcher of(Watcher... all) {
        Watcher told = NONE;
        for (Watcher each : all) {
            told = Watchers.both(told, Objects.requireNonNull(each, "watcher"));
        }
        return told;
    }

    /**
     * A session is about to be made.
     *
     * @param side which end of it this is
     * @return is told what it does
     */
    default SessionWatcher session(Side side) {
        return SessionWatcher.NONE;
    }

    /** A service of this name is offered from now on. */
    default void offered(String service) {}

    /** A service of this name is offered no longer. A server tells of it; of two changes that race, either may be told first. */
    default void withdrawn(String service) {}

    /** A connection was refused. */
    default void refused(Refusal reason) {}

    /** A client connects once more, as it lost its connection or got none. */
    default void reconnecting() {}
}
