package dev.sluice.channel.spi;

/**
 * A subscriber of {@link dev.sluice.channel.Sender#sendAll} that is told, once, how much had been accepted when it had cancelled: after that, and after what was
 * not accepted has gone to the discard hook, nothing more happens. Engines that pass elements on to other machines need it; it has an effect only when it
 * subscribes directly.
 */
public interface Withdrawal {

    /**
     * The cancel has been carried out.
     *
     * @param accepted how many elements were accepted
     */
    void withdrawn(long accepted);
}
