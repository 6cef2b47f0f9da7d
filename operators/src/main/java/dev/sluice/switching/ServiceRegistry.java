package dev.sluice.switching;

import dev.sluice.channel.Channel;
import dev.sluice.channel.Sender;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Services by name, each with a {@link SwitchableSink} it sends through, so that an operator can see where everybody
 * sends and change it without asking them; and the leases of the channels they send to.
 *
 * <p>What returns a {@code Mono} is lazy: it happens at subscription, and for each one; a cancel before it is done calls
 * it off. It fails with {@link ServiceNotFoundException} when there is no service of the name. Thread safe.
 *
 * <p>Leases of a channel are taken in one registry. Another registry, or code that {@linkplain
 * dev.sluice.channel.spi.Gate#reserve reserves} the channel by itself, is refused the lease while it is taken, but not
 * put into its queue.
 *
 * @param <T> the element
 */
public sealed interface ServiceRegistry<T> permits Services {

    /** A registry that finds a channel by name only where a service is aimed at it. */
    static <T> ServiceRegistry<T> create() {
        return create(name -> Mono.empty());
    }

    /**
     * A registry that looks channels up.
     *
     * @param channels finds a channel by name, or is empty; as {@code registry::find} of {@link
     *     dev.sluice.channel.Channels}. Asked where no service is aimed at a channel of that name
     */
    static <T> ServiceRegistry<T> create(Function<String, Mono<Channel<T>>> channels) {
        return new Services<>(Objects.requireNonNull(channels, "channels"));
    }

    /**
     * Registers a service.
     *
     * @param name its name, by the rules for {@linkplain dev.sluice.channel.ChannelName names}
     * @param target where it sends at first
     * @return what it sends through
     * @throws ServiceExistsException when the name is taken
     * @throws dev.sluice.InvalidNameException when the name breaks a rule
     */
    SwitchableSink<T> register(String name, Sender<T> target);

    /**
     * What a service sends through.
     *
     * @throws ServiceNotFoundException when there is no service of that name
     */
    SwitchableSink<T> service(String name);

    /** All services, in the order of their names, at one moment. */
    List<ServiceStatus<T>> services();

    /**
     * Forgets a service. A diversion ends; its sink remains usable, but is no service any more: leases hold it back.
     *
     * @return false when there was none
     */
    Mono<Boolean> unregister(String name);

    /** Exchanges the targets of two services in one moment, with their diversions, as {@link SwitchableSink#swap}. */
    Mono<Void> swap(String a, String b);

    /**
     * Sends the elements of a service elsewhere until it is restored. Diverted again, it still remembers the target it
     * belongs to; switched by {@link SwitchableSink#switchTo}, it belongs to that one, and there is nothing to restore.
     */
    Mono<Void> divert(String name, Sender<T> target);

    /** Ends a diversion: the service sends to the target it belongs to. Without effect on one that is not diverted. */
    Mono<Void> restore(String name);

    /** Ends all diversions in one moment. Fails, and changes nothing, when one of the targets is closed. */
    Mono<Void> restoreAll();

    /**
     * What happens from now on, in order. Every subscriber has a buffer for 256 events; one that is slower than that gets
     * a {@link ServiceEvent.Missed} in the place of those that found no room.
     */
    Flux<ServiceEvent> events();

    /**
     * Leases a channel.
     *
     * <p>Lazy. A cancel before the lease is there withdraws the request, or gives the lease back if it was just being
     * granted. Use it with {@link Mono#usingWhen}, or {@link #withExclusive}, which ends it in every case.
     *
     * @param channel a channel in memory, not a view of one
     * @param holder who asks, for messages
     * @param options what happens to the others, how long, and what to do when somebody has it
     * @return the lease; fails with {@link LeaseHeldException}, with {@link dev.sluice.ChannelClosedException} when the
     *     channel or the target of a diversion is closed, and with {@link IllegalArgumentException} when the channel
     *     cannot be leased
     */
    Mono<ExclusiveLease<T>> exclusive(Channel<T> channel, String holder, LeaseOptions<T> options);

    /**
     * Leases the channel of a name: the one that services are aimed at, or the one this registry finds.
     *
     * @return as {@link #exclusive(Channel, String, LeaseOptions)}; fails with {@link
     *     dev.sluice.ChannelNotFoundException} when there is none, and with {@link IllegalArgumentException} when
     *     services are aimed at different channels of that name
     */
    Mono<ExclusiveLease<T>> exclusive(String channel, String holder, LeaseOptions<T> options);

    /**
     * Works with the sole use of a channel. The lease ends when the work completes, fails or is cancelled.
     *
     * @param work what to do; its elements are passed on
     */
    default <R> Flux<R> withExclusive(
            Channel<T> channel,
            String holder,
            LeaseOptions<T> options,
            Function<? super ExclusiveLease<T>, ? extends Publisher<? extends R>> work) {
        return GrantedLease.during(exclusive(channel, holder, options), work);
    }

    /** As {@link #withExclusive(Channel, String, LeaseOptions, Function)}, by the name of the channel. */
    default <R> Flux<R> withExclusive(
            String channel,
            String holder,
            LeaseOptions<T> options,
            Function<? super ExclusiveLease<T>, ? extends Publisher<? extends R>> work) {
        return GrantedLease.during(exclusive(channel, holder, options), work);
    }
}
