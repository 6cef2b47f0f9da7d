package dev.sluice.rsocket.session;

import org.jspecify.annotations.Nullable;

/**
 * Sources that wait for somebody to subscribe, oldest first, and one timer for all of them. Each is given up when it has waited for the
 * accept timeout. A ring through the tickets makes taking one out as cheap as putting it in; all on the event loop.
 */
final class Acceptance {

    private final Session session;
    private final long nanos;
    private final Ticket ring = new Ticket(null, 0);
    private @Nullable Runnable timer;

    Acceptance(Session session, long nanos) {
        this.session = session;
        this.nanos = nanos;
    }

    /** Waits for {@link Ticket#accepted()}, and gives up after the timeout. */
    Ticket await(Runnable giveUp) {
        Ticket ticket = new Ticket(giveUp, System.nanoTime() + nanos);
        ticket.previous = ring.previous;
        ticket.next = ring;
        ring.previous.next = ticket;
        ring.previous = ticket;
        if (timer == null) {
            timer = session.schedule(this::tick, nanos);
        }
        return ticket;
    }

    private void tick() {
        timer = null;
        long now = System.nanoTime();
        Ticket oldest = ring.next;
        while (oldest != ring && oldest.deadline - now <= 0) {
            oldest.accepted();
            if (oldest.giveUp != null) {
                oldest.giveUp.run();
            }
            oldest = ring.next;
        }
        if (oldest != ring) {
            timer = session.schedule(this::tick, Math.max(1, oldest.deadline - now));
        }
    }

    /** Forgets all of them. */
    void close() {
        Runnable running = timer;
        timer = null;
        if (running != null) {
            running.run();
        }
        while (ring.next != ring) {
            ring.next.accepted();
        }
    }

    /** A source that waits. */
    static final class Ticket {
        private final @Nullable Runnable giveUp;
        private final long deadline;

        /** Itself when it is in no ring. */
        private Ticket previous = this;

        private Ticket next = this;

        private Ticket(@Nullable Runnable giveUp, long deadline) {
            this.giveUp = giveUp;
            this.deadline = deadline;
        }

        /** It waits no longer. Has no effect when told again. */
        void accepted() {
            previous.next = next;
            next.previous = previous;
            previous = this;
            next = this;
        }
    }
}
