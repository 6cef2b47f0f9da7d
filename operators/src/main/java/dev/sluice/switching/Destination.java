package dev.sluice.switching;

import dev.sluice.channel.Channel;
import dev.sluice.channel.Sender;
import dev.sluice.channel.spi.Gate;
import dev.sluice.channel.spi.SenderGate;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reactor.core.Scannable;

/**
 * A sender that something is aimed at.
 *
 * @param sender what the user gave
 * @param name how to call it: asked for once, outside all locks, for the sender may be the user's
 * @param gate where it commits; {@code null} when it is a sink that leads on, so that it depends
 */
record Destination<T>(
        Sender<T> sender, String name, @Nullable Gate<T> gate) {

    static <T> Destination<T> of(Sender<T> sender) {
        Objects.requireNonNull(sender, "target");
        String name = nameOf(sender);
        if (sender instanceof RoutedSink) {
            return new Destination<>(sender, name, null);
        }
        Gate<T> gate = gateOf(sender);
        return new Destination<>(sender, name, gate != null ? gate : new SenderGate<>(sender, name));
    }

    /** How to call it now: a channel may be renamed, and one that is a gate itself may be asked at any time. */
    @Override
    public String name() {
        return gate != null && (Object) gate == sender ? gate.name() : name;
    }

    /** The gate that a sender is; {@code null} when it is none. */
    @SuppressWarnings("unchecked") // a gate that is a sender commits the elements of that sender
    static <T> @Nullable Gate<T> gateOf(Sender<T> sender) {
        return sender instanceof Gate<?> gate ? (Gate<T>) gate : null;
    }

    /** By identity: the sender's own idea of equality is not asked. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Destination<?> destination && sender == destination.sender && gate == destination.gate;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(sender);
    }

    /** How to call a sender in messages; asks the sender. */
    static String nameOf(Object sender) {
        if (sender instanceof Channel<?> channel) {
            return channel.name();
        }
        return sender instanceof Scannable scannable ? scannable.name() : sender.toString();
    }
}
