package dev.sluice.rsocket.channel;

import dev.sluice.channel.Channel;
import java.util.Map;
import java.util.UUID;
import java.util.WeakHashMap;

/**
 * Tells channels apart that had the same name one after the other: their offsets begin anew, so an offset means something only together with the
 * incarnation. Thread safe.
 */
final class Incarnations {

    /** Those of another server, or of this one before it was started again, differ in this. */
    private final String epoch = UUID.randomUUID().toString();

    private final Map<Channel<?>, Long> numbers = new WeakHashMap<>();
    private long next;

    /** A name for this very channel; of one that is elsewhere again only its server could tell. */
    synchronized String of(Channel<?> channel) {
        if (channel instanceof RemoteChannel) {
            return epoch;
        }
        return epoch + "." + numbers.computeIfAbsent(channel, added -> next++);
    }
}
