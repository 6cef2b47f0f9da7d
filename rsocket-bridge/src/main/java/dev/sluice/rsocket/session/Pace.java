package dev.sluice.rsocket.session;

/**
 * When what leaves has to stop for a while: when the connection has its high-water mark of unwritten bytes, until half of that is written; and after
 * {@value #SHARE} bytes, even to a connection that keeps up with them, until its event loop has looked at its other connections, and at what came in
 * on this one. All on the event loop.
 */
final class Pace {

    /** A thousand times a second at a gigabyte a second: others wait for a millisecond, and it costs nothing that could be measured. */
    static final int SHARE = 1 << 20;

    private final Session session;
    private final Link link;
    private final Batches batches;
    private final int highWaterMark;

    /** Bytes handed over when this session's share is used up. */
    private long share = SHARE;

    private boolean waitsForOthers;
    private boolean waitsForSocket;

    Pace(Session session, Link link, Batches batches) {
        this.session = session;
        this.link = link;
        this.batches = batches;
        this.highWaterMark = session.options().highWaterMark();
    }

    /** Whether the connection has enough. */
    boolean isSaturated() {
        return batches.pending() > highWaterMark;
    }

    /** Whether what waits for the socket holds up what could be sent. */
    boolean waitsForSocket() {
        return waitsForSocket;
    }

    /** Whether more may leave now; if not, the session drains again when it may. */
    boolean allows() {
        if (waitsForOthers) {
            return false;
        }
        if (batches.handedOver() >= share) {
            waitForOthers();
            return false;
        }
        if (isSaturated()) {
            batches.flush();
            if (isSaturated()) {
                waitForSocket();
                return false;
            }
        }
        return true;
    }

    private void waitForOthers() {
        waitsForOthers = true;
        // A timer, though for no time at all: the loop runs all its tasks, with those they leave, before it looks at
        // its sockets again, but a timer set by a task only after that.
        Runnable unused = session.schedule(
                () -> {
                    waitsForOthers = false;
                    share = batches.handedOver() + SHARE;
                },
                0);
    }

    private void waitForSocket() {
        if (!waitsForSocket) {
            waitsForSocket = true;
            link.whenPendingAtMost(highWaterMark >> 1, () -> {
                waitsForSocket = false;
                session.drain();
            });
        }
    }
}
