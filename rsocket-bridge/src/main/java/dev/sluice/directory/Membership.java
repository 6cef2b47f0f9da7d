package dev.sluice.directory;

import reactor.core.publisher.Mono;

/** A member of a group that stands in a directory, and is renewed for as long as this is held. Thread safe. */
public interface Membership {

    /** Its id. */
    String id();

    /** Takes the member out of the group, for the first subscriber; further ones see the same end. Lazy. A cancel does not call it off. */
    Mono<Void> leave();

    /** Completes when it has left, and fails with {@link dev.sluice.DirectoryUnavailableException} when it was lost, see {@link Registration#onEnd()}. */
    Mono<Void> onEnd();
}
