package dev.sluice.channel.spi;

/**
 * A subscriber of {@link dev.sluice.channel.Sender#sendAll} that is told how many elements were accepted, as they are. Engines that pass elements on to other
 * machines need it: what a publisher is asked for says nothing of what became of the elements it gave. It has an effect only when it subscribes directly
 * to what is {@link Accounted}.
 */
public interface Progress {

    /**
     * More elements have been accepted, on whatever thread accepted them: by one at a time, while no lock is held. Must not block. Of the last the outcome
     * may tell instead.
     *
     * @param count how many since the send began, never fewer than before
     */
    void accepted(long count);
}
