package dev.sluice.rsocket.outlet;

import dev.sluice.Frame;
import dev.sluice.channel.SwitchableSender;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A name that is taken, from the moment its opener is called until its closer has completed. Guarded by the {@link OutletTable}. */
final class Entry {

    /**
     * <pre>
     * absent  → OFFERED   the application offers it
     * OFFERED → absent    withdrawn, or the table is closed
     * absent  → OPENING   the first open of the name; its thread calls the opener
     * OPENING → OPEN      the opener made an outlet
     * OPENING → absent    the opener failed: who had it called fails, whoever else waits tries for itself
     * OPENING → CLOSING   the opener made an outlet, but by now the table is closed
     * OPEN    → CLOSING   nobody holds it and its idle time is over, it gives way to another, is withdrawn, or the table is closed;
     *                     whose thread that is calls the closer
     * CLOSING → absent    the closer completed or failed: whoever waits tries again
     * </pre>
     */
    enum State {
        OFFERED,
        OPENING,
        OPEN,
        CLOSING
    }

    private final String name;

    /** Who would be in the way of closing it; there from the time it is OPENING. */
    private final Set<Object> holders = new HashSet<>(2);

    /** Opens that wait: OPENING for the outlet, CLOSING for the room it takes up, also those of other names. */
    private final Set<Opening> waiting = new LinkedHashSet<>(2);

    private State state = State.OPENING;

    /** Not while OPENING. */
    private @Nullable SwitchableSender<Frame> outlet;

    /** While OPEN without holders. */
    private @Nullable IdleTime idleTime;

    /** One that is OPENING. */
    Entry(String name) {
        this.name = name;
    }

    /** One that is OFFERED. */
    Entry(String name, SwitchableSender<Frame> offered) {
        this.name = name;
        is(State.OFFERED, offered);
    }

    String name() {
        return name;
    }

    State state() {
        return state;
    }

    /** Whether it can be sent to. */
    boolean isThere() {
        return state == State.OFFERED || state == State.OPEN;
    }

    /** What is sent through, or closed. */
    SwitchableSender<Frame> outlet() {
        return Objects.requireNonNull(outlet, "outlet");
    }

    void is(State now) {
        state = now;
    }

    void is(State now, SwitchableSender<Frame> made) {
        state = now;
        outlet = made;
    }

    Set<Object> holders() {
        return holders;
    }

    void await(Opening opening) {
        waiting.add(opening);
    }

    void forget(Opening opening) {
        waiting.remove(opening);
    }

    /** Those that waited, in the order they came; none waits from now on. */
    Collection<Opening> takeWaiting() {
        List<Opening> taken = List.copyOf(waiting);
        waiting.clear();
        return taken;
    }

    @Nullable IdleTime idleTime() {
        return idleTime;
    }

    void idleTime(@Nullable IdleTime time) {
        idleTime = time;
    }
}
