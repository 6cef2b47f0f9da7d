package dev.sluice.switching;

import dev.sluice.channel.Sender;
import dev.sluice.channel.SwitchableSender;
import java.util.Objects;
import reactor.core.Scannable;
import reactor.core.publisher.Mono;

/**
 * A sender whose target can change while it is in use, and whose users do not notice.
 *
 * <p>What a switch promises, for any number of senders at work:
 *
 * <ol>
 *   <li>Each element goes to exactly one target: none lost, none doubled.
 *   <li>What the old target has accepted stays there. Sends that wait there move in order, or are let finish first, as
 *       the {@link SwitchPolicy} says.
 *   <li>The order of one sender holds: its elements at the old target precede all of its elements at the new one.
 *   <li>There is one moment for all senders, and two switches never interleave.
 * </ol>
 *
 * <p>The targets may be any senders. Between channels in memory, {@link Sinkhole sinkholes} and other switchable sinks a
 * switch with {@link SwitchPolicy#MIGRATE} is done when the subscription returns. A sink that has another one for its
 * target follows it wherever that is switched, in the same moment. Any other sender, such as a {@linkplain
 * dev.sluice.channel.Channel#as typed view}, cannot be left in one step: what it has been given and has not confirmed is
 * withdrawn where it says so, awaited where it does not, and what is sent meanwhile waits. While a send is being handed to
 * such a sender, {@link #trySend} says {@code FULL}, because it may not overtake.
 *
 * <p>When the target closes, sends fail with {@link dev.sluice.ChannelClosedException} as they would there, until the
 * sink is switched to another.
 *
 * <p>The operations are lazy: each subscription is one. Those on the same sink are done one after the other. A cancel
 * before one is done calls it off, and what was held meanwhile goes where it went before. Thread safe; no lock is held
 * while subscribers are told.
 *
 * @param <T> the element
 */
public sealed interface SwitchableSink<T> extends SwitchableSender<T>, Scannable permits RoutedSink {

    /**
     * A sink.
     *
     * @param name for messages, metrics and checkpoints
     * @param target where its elements go at first
     */
    static <T> SwitchableSink<T> create(String name, Sender<T> target) {
        return RoutedSink.create(Objects.requireNonNull(name, "name"), target);
    }

    /**
     * Exchanges the targets of two sinks in one moment: no element of either goes to the wrong side of it. A sink that is
     * held stays held.
     *
     * @return completes when it is done; fails, and changes nothing, when one of the targets is closed or one sink has
     *     the other for its target
     */
    static <T> Mono<Void> swap(SwitchableSink<T> a, SwitchableSink<T> b) {
        return Orders.swap((RoutedSink<T>) a, (RoutedSink<T>) b);
    }

    /** The sink's name. */
    @Override
    String name();

    /** Where the elements go, or will go when the sink is {@linkplain #resume resumed}. */
    @Override
    Sender<T> target();

    /** Whether the sink is {@linkplain #hold held}. */
    boolean isHeld();

    /** As {@link #switchTo(Sender, SwitchPolicy)} with {@link SwitchPolicy#MIGRATE}. */
    @Override
    default Mono<Sender<T>> switchTo(Sender<T> target) {
        return switchTo(target, SwitchPolicy.MIGRATE);
    }

    /**
     * Changes the target.
     *
     * <p><img src="doc-files/switch-to.svg" alt="Elements 1 to 3 go to the old target; from the moment of the switch all
     * later ones go to the new one, and a send that waits moves along.">
     *
     * @param target where elements go from now on
     * @param policy what becomes of sends that wait at the old one
     * @return the previous target, when the switch is done: from then on no element of any sender reaches it. Fails with
     *     {@link dev.sluice.ChannelClosedException}, which names both, when the new target is closed, and with {@link
     *     IllegalArgumentException} when it leads back to this sink; then nothing has changed
     */
    Mono<Sender<T>> switchTo(Sender<T> target, SwitchPolicy policy);

    /**
     * Holds the senders back: from now on {@link #send} waits and {@link #trySend} says {@link
     * dev.sluice.channel.SendResult#FULL}. Nothing is buffered but the sends themselves. Sends that wait at the target
     * come along, and may be cancelled here as there. Without effect on a sink that is held.
     *
     * <p><img src="doc-files/hold-resume.svg" alt="Between hold and resume sends wait and trySend says full; at resume
     * the sends go to the target in order.">
     *
     * @return completes when it is done: no more elements reach the target
     */
    Mono<Void> hold();

    /**
     * Ends {@link #hold}: sends that wait go to the target in order. Without effect on a sink that is not held.
     *
     * @return completes when it is done
     */
    Mono<Void> resume();
}
