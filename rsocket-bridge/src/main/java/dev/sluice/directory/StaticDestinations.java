package dev.sluice.directory;

import java.time.Duration;
import java.util.Set;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** The same instances for every destination, for ever. Groups are known to nobody but the destination, which makes them when a member comes. */
final class StaticDestinations implements Destinations {

    private final Directory directory;
    private final Mono<Void> closed;

    /**
     * The destinations of a directory.
     *
     * @param closed completes when that is closed
     */
    StaticDestinations(Directory directory, Mono<Void> closed) {
        this.directory = directory;
        this.closed = closed;
    }

    @Override
    public Mono<Registration> register(String destination, Instance instance, Duration ttl, boolean exclusive) {
        Checks.name("destination", destination);
        return directory.register(destination, instance, ttl);
    }

    @Override
    public Flux<Set<Instance>> watch(String destination) {
        Checks.name("destination", destination);
        return directory.watch(destination);
    }

    @Override
    public Mono<Membership> join(String destination, String group, GroupTerms terms, String member, Duration ttl) {
        Checks.name("destination", destination);
        Checks.name("group", group);
        Checks.name("member", member);
        Checks.ttl(ttl);
        return directory.instances(destination).map(there -> new Unlisted(member, Sinks.empty(), closed));
    }

    @Override
    public Flux<Set<GroupEntry>> watchGroups(String destination) {
        return watch(destination).map(there -> Set.<GroupEntry>of());
    }

    @Override
    public Mono<Set<GroupEntry>> groups(String destination) {
        return directory.instances(destination).map(there -> Set.of());
    }

    @Override
    public Mono<Boolean> expire(String destination, GroupEntry seen) {
        return directory.instances(destination).thenReturn(true);
    }

    @Override
    public Flux<String> names() {
        return directory.services();
    }

    /** A member nobody has to know. */
    private record Unlisted(String id, Sinks.Empty<Void> withdrawn, Mono<Void> closed) implements Membership {

        @Override
        public Mono<Void> withdraw() {
            return Mono.fromRunnable(withdrawn::tryEmitEmpty);
        }

        @Override
        public Mono<Void> onEnd() {
            return Mono.firstWithSignal(withdrawn.asMono(), closed);
        }
    }
}
