package dev.sluice.rsocket.channel;

import dev.sluice.Frame;

/**
 * What a receiver has had of {@link RemoteDeliveries}, for when it comes back: of which origin that was, and what it has taken of it and may be given
 * again. Some 32 KiB at most, and ten times that for one that has come back. Thread safe; for one receiver at a time.
 */
public final class DeliveryHistory {

    private final TakenOffsets taken = new TakenOffsets();
    private volatile String origin = "";

    /** Nothing yet. */
    public DeliveryHistory() {}

    /** The origin it had deliveries of last; empty for none. */
    String origin() {
        return origin;
    }

    /** What it has taken and may be given again. */
    TakenOffsets taken() {
        return taken;
    }

    /** It is given deliveries again. */
    void begins(Frame header) {
        String now = header.asText();
        taken.newSession(now.equals(origin));
        origin = now;
    }
}
