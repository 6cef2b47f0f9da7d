package dev.sluice.channel;

/** Something that happened to the channels of a registry, see {@link Channels#events()}. */
public sealed interface ChannelEvent {

    /**
     * A channel came into being, or came to this name when it was {@linkplain Channels#rename renamed}.
     *
     * @param name its name
     */
    record Created(String name) implements ChannelEvent {}

    /**
     * A channel was deleted, or went from this name when it was {@linkplain Channels#rename renamed}.
     *
     * @param name its name
     */
    record Deleted(String name) implements ChannelEvent {}

    /**
     * The subscriber was too slow: events are missing in this place. Whoever mirrors the registry lists it again.
     *
     * @param count how many events are missing
     */
    record Missed(long count) implements ChannelEvent {}
}
