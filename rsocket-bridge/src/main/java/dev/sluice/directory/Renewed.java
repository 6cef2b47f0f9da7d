package dev.sluice.directory;

import reactor.core.publisher.Mono;

/** Something that stands in a directory, and is renewed for as long as this is held. Thread safe. */
public interface Renewed {

    /**
     * Takes it out of the directory, for the first subscriber; further ones see the same end. Lazy. A cancel does not call it off.
     *
     * @return completes when it is out; when it was lost it completes too, since it is out then
     */
    Mono<Void> withdraw();

    /**
     * Completes when it was withdrawn, and fails with {@link dev.sluice.DirectoryUnavailableException} when it was lost: it could not be renewed
     * in time, because the directory was away or this process stood still. Then others may have taken it for dead, so register again, under a
     * new id.
     */
    Mono<Void> onEnd();
}
