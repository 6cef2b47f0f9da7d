package dev.sluice.switching;

import dev.sluice.channel.Channel;
import dev.sluice.channel.Sender;
import java.time.Duration;
import reactor.core.publisher.Mono;

/**
 * The sole use of a channel, from the moment it is granted until it ends: nobody else's element enters in between. What
 * was in the channel before stays in front.
 *
 * <p><img src="doc-files/lease.svg" alt="While the updater has the lease its elements enter the channel in one run; those
 * of the service go to the sinkhole, and again to the channel when the lease has ended.">
 *
 * <p>Services of the registry that are aimed at the channel go where {@link LeaseOptions#others()} says, those that come
 * to be aimed at it meanwhile too. Sends by anybody else wait, as for room. When the lease ends, services that are still
 * aimed at the channel send to it again, and sends that waited are admitted in order.
 *
 * <p>It ends exactly once: when it is {@linkplain #close() closed}, when the work it was {@linkplain
 * ServiceRegistry#withExclusive taken for} ends or is cancelled, when its time runs out, or when the channel is closed.
 * From that moment {@link #sender()} writes nothing: that is checked where elements are committed, so a holder that
 * slept past its time cannot disturb the next one. Thread safe.
 *
 * @param <T> the element
 */
public sealed interface ExclusiveLease<T> permits GrantedLease {

    /** The leased channel. */
    Channel<T> channel();

    /** Who has the lease. */
    String holder();

    /** Fencing token: grows with every lease of this channel, for systems beyond it that want to refuse older ones. */
    long token();

    /**
     * The holder's way into the channel. When the lease has ended its sends fail with {@link LeaseExpiredException}, also
     * those that waited, and {@link Sender#trySend} says {@link dev.sluice.channel.SendResult#CLOSED}; when the channel
     * is closed, as those of a channel that is.
     */
    Sender<T> sender();

    /** How many elements of services were discarded so far, with {@link LeaseOptions.Builder#discardOthers()}. */
    long discarded();

    /**
     * Begins the time anew. Lazy.
     *
     * @return completes when the lease ends {@link LeaseOptions#ttl()} from now; fails with {@link
     *     LeaseExpiredException} when it has ended
     */
    Mono<Void> renew();

    /** What is left of the time; {@link Duration#ZERO} when the lease has ended. */
    Duration remaining();

    /**
     * Gives the channel back. Lazy; without effect when the lease has ended.
     *
     * @return completes when the others have the channel again
     */
    Mono<Void> close();

    /** Why the lease ended, once it has; a cancel of this does not end it. */
    Mono<LeaseEnd> ended();
}
