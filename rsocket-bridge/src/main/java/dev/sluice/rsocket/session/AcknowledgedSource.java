package dev.sluice.rsocket.session;

import dev.sluice.Source;

/** A source that wants to know what became of its frames on the other side. Told on the event loop of the connection. */
public interface AcknowledgedSource extends Source {

    /**
     * The other side has taken responsibility for frames, or gives them back. It may say so twice of a frame; the first counts.
     *
     * @param first the first frame's number, 0 for the first of the source
     * @param count how many
     * @param taken false gives them back
     */
    void acknowledged(long first, long count, boolean taken);

    /** The stream has ended, was cancelled, or lost its connection: nothing more will be acknowledged. */
    void left();
}
