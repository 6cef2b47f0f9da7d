package dev.sluice.channel;

import reactor.core.publisher.Mono;

/**
 * A sender whose target can be changed while others send through it, and do not notice.
 *
 * <p>What stands between senders and their targets, such as an outlet that producers on other machines send to, needs to know no more than this
 * of how a switch is done. The sink of the module {@code sluice-operators}, {@code SwitchableSink}, is one, and says what it promises. Thread safe.
 *
 * @param <T> the element
 */
public interface SwitchableSender<T> extends Sender<T> {

    /** Where the elements go. */
    Sender<T> target();

    /**
     * Changes the target: each element goes to one of the two, once, and those of one sender in their order. Lazy: each subscription is one
     * switch. A cancel before it is done calls it off.
     *
     * @param target where elements go from now on
     * @return the previous target, when the switch is done: from then on no element of any sender reaches it. Fails with
     *     {@link dev.sluice.ChannelClosedException} when the new target is closed; then nothing has changed
     */
    Mono<Sender<T>> switchTo(Sender<T> target);
}
