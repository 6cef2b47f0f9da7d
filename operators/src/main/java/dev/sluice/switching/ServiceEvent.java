package dev.sluice.switching;

/** Something that happened in a {@link ServiceRegistry}. Targets are told by name. */
public sealed interface ServiceEvent {

    /** A service was registered. */
    record Registered(String service, String target) implements ServiceEvent {}

    /** A service was unregistered. */
    record Unregistered(String service) implements ServiceEvent {}

    /** A service was switched, or swapped with another. */
    record Switched(String service, String from, String to) implements ServiceEvent {}

    /** A service was held. */
    record Held(String service) implements ServiceEvent {}

    /** A service that was held was resumed. */
    record Resumed(String service) implements ServiceEvent {}

    /** A service was diverted. */
    record Diverted(String service, String from, String to) implements ServiceEvent {}

    /** A service that was diverted sends to its own target again. */
    record Restored(String service, String target) implements ServiceEvent {}

    /** A channel was leased. */
    record LeaseGranted(String channel, String holder, long token) implements ServiceEvent {}

    /** A lease ended. */
    record LeaseEnded(String channel, String holder, long token, LeaseEnd reason) implements ServiceEvent {}

    /** The subscriber was too slow: so many events are missing in this place. Look at the services again. */
    record Missed(long count) implements ServiceEvent {}
}
