package dev.sluice.pipes;

import dev.sluice.Frame;
import dev.sluice.channel.Delivery;
import reactor.core.publisher.Flux;

/** Those who share the frames of a destination. Thread safe. */
public interface Group {

    /** The destination it receives from. */
    String destination();

    /** Its name, among the groups of the destination. */
    String name();

    /**
     * Becomes a member, and receives from every instance of the destination there is and will be; waits when there is none.
     *
     * <p>Lazy: each subscription is a member of its own. Frames are taken against demand, so a slow member gets fewer and nobody waits behind it. Of one
     * instance exactly what is asked for is taken. Several are asked for a share each, of one frame at least, so what comes may be more than is asked
     * for; it waits for demand, and is given back when the member asks for nothing for a second.
     * A frame belongs to the member until it is acknowledged. When the member goes, by a cancel or because it cannot be reached for the time to live, what
     * it had not acknowledged goes to another, in order, marked as {@linkplain Delivery#redelivered() redelivered}. Late acknowledgements return false.
     *
     * <p>A cancel takes effect at once, at any moment; the directory is told in the background. Items run on the event loops of the connections, one at
     * a time, and must not block.
     *
     * <p>Connections that are lost are made again, with back-off and jitter. When the directory cannot be asked, the instances that were known are
     * used. An instance that cannot be reached, or that has as many groups as it may, is tried again for as long as it is listed, and the log says so:
     * nobody waits behind it.
     *
     * @return completes when its {@link Pipes} are closed, and never before: on the thread that closes them, or on one that subscribes, asks or
     *     delivers at that moment. Fails with {@link IllegalStateException} when they were closed before it was subscribed to; with {@link
     *     dev.sluice.DirectoryUnavailableException} when the directory cannot be asked at first; with {@link
     *     dev.sluice.GroupExpiredException} when the group was given up while this member could not be reached; with {@link
     *     dev.sluice.AccessDeniedException} when an instance refuses it
     */
    Flux<Delivery<Frame>> join();
}
