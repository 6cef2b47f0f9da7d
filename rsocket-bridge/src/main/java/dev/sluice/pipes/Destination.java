package dev.sluice.pipes;

import dev.sluice.Frame;
import dev.sluice.channel.ChannelStats;
import dev.sluice.channel.Sender;
import dev.sluice.directory.Registration;
import reactor.core.publisher.Mono;

/**
 * A named stream of a sender, that groups elsewhere receive from: every group gets every frame, the members of a group share them. It is a channel in this process,
 * and each group has a consumer group of that channel, its <em>pipe</em>; what its slowest group has not taken holds senders back.
 *
 * <p>Several processes may register one destination; members receive from all of them, and the order of each holds.
 *
 * <p>What is accepted waits in memory for the groups there are. Who needs it to outlive this process keeps it until it is {@link #acknowledged()}, and
 * sends it again when it is back. Thread safe.
 */
public interface Destination extends Sender<Frame> {

    /** Its name, in the directory too. */
    String name();

    /**
     * Makes it known to the directory, and goes on doing so until it is withdrawn: when its key is removed by somebody else, or the registration is
     * lost because the directory or this process stood still, it registers again, with back-off; after a loss under another id. Before it is known,
     * the groups there are have their pipes, so what is sent from then on none of them misses.
     *
     * <p>Lazy. A cancel before the registration is there leaves nothing behind. Directory trouble later stops nothing that is connected.
     *
     * @return the registration, the caller's to withdraw, by which members that come later do not find it any more, and those that are connected stay.
     *     Its {@code instance} is the present one; its {@code onEnd} fails when it can no longer be registered, with {@link
     *     dev.sluice.DestinationTakenException}. Fails with that when another instance has the destination to itself; with {@link
     *     dev.sluice.DirectoryUnavailableException} when the directory cannot be asked; with {@link IllegalStateException} when it is registered
     *     from here already
     */
    Mono<Registration> register();

    /**
     * The offset before which every group is through with every frame: acknowledged it, or dropped it by its overflow. Offsets count the frames
     * accepted by this object, from 0. Groups that come later are not considered, and without any group it is what was discarded for want of one.
     */
    Mono<Long> acknowledged();

    /** Counters of its channel; each pipe is a group of it. */
    Mono<ChannelStats> stats();

    /**
     * Closes it to senders, lazily: it is withdrawn from the directory, and members get what is left for them.
     *
     * @return completes when it is withdrawn; what is left may still be on its way
     */
    Mono<Void> close();
}
