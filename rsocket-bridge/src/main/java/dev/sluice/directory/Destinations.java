package dev.sluice.directory;

import java.time.Duration;
import java.util.Set;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The part of a {@link Directory} that pipes are found through: which instances a destination has, which groups receive from it, and who is in them.
 *
 * <p>Thread safe and lazy, as the directory. An instance or a member that stops renewing is forgotten; a group stays until it is {@linkplain
 * #expire expired}.
 */
public interface Destinations {

    /**
     * Registers an instance of a destination, and renews it until it is withdrawn, lost, or the directory is closed. One that was removed by
     * somebody else is put back.
     *
     * @param exclusive whether there may be no other instance, now or later
     * @return the registration, the caller's to withdraw; fails with {@link dev.sluice.DestinationTakenException} when another instance has the destination to
     *     itself, or is there and this one wants it to itself; otherwise as {@link Directory#register}
     */
    Mono<Registration> register(String destination, Instance instance, Duration ttl, boolean exclusive);

    /** The instances of a destination, as {@link Directory#watch}. */
    Flux<Set<Instance>> watch(String destination);

    /**
     * Adds a member to a group, and the group to its destination if it is not there, in which case the options hold.
     *
     * @param member its id, another one for each process and each time it joins
     * @param ttl how long it is a member after the last renewal
     * @return fails with {@link IllegalStateException} when the group has a member of that id
     */
    Mono<Membership> join(String destination, String group, GroupTerms terms, String member, Duration ttl);

    /** The groups of a destination with their members, as {@link Directory#watch} shows instances. */
    Flux<Set<GroupEntry>> watchGroups(String destination);

    /** The groups of a destination now. */
    Mono<Set<GroupEntry>> groups(String destination);

    /**
     * Removes a group that has no members, unless it has changed since.
     *
     * @param seen the group as it was seen
     * @return whether it is gone now: false when it has members again, or others have brought it back
     */
    Mono<Boolean> expire(String destination, GroupEntry seen);

    /** The destinations that have an instance or a group now, in the order of their names. */
    Flux<String> names();
}
