package dev.sluice.directory;

import dev.sluice.DestinationTakenException;
import dev.sluice.directory.Keyspace.Claim;
import dev.sluice.directory.Keyspace.Hold;
import dev.sluice.directory.Keyspace.Value;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;

/**
 * Destinations and their groups over an engine that keeps texts by key.
 *
 * <p>Who wants a destination for himself puts the marker first and looks then; others put themselves only where no marker is. So of two that come at the
 * same time, at least one sees the other.
 */
final class KeyedDestinations implements Destinations {

    private static final Logger LOG = LoggerFactory.getLogger(KeyedDestinations.class);

    private final Keyspace keyspace;
    private final AtomicBoolean strange = new AtomicBoolean();

    KeyedDestinations(Keyspace keyspace) {
        this.keyspace = keyspace;
    }

    @Override
    public Mono<Registration> register(String destination, Instance instance, Duration ttl, boolean exclusive) {
        Checks.name("destination", destination);
        Checks.ttl(ttl);
        String key = DirectoryKeys.instance(destination, instance.id());
        String marker = DirectoryKeys.exclusive(destination);
        Claim claim = exclusive
                ? new Claim(Map.of(key, EntryText.of(instance), marker, instance.id()), Map.of(), Set.of())
                : new Claim(Map.of(key, EntryText.of(instance)), Map.of(), Set.of(marker));
        Mono<Hold> held = keyspace.hold(claim, ttl)
                .onErrorMap(
                        KeyTakenException.class,
                        taken -> taken.key().equals(marker)
                                ? taken(destination, taken.text(), "has it for itself")
                                : new IllegalStateException("destination \"" + destination + "\" has an instance "
                                        + instance.id() + " already: register under another id"));
        return (exclusive ? held.flatMap(hold -> alone(destination, key, hold)) : held)
                .map(hold -> new KeyedDirectory.Held(destination, instance, hold));
    }

    private Mono<Hold> alone(String destination, String own, Hold hold) {
        Mono<Hold> looked = keyspace.read(DirectoryKeys.instances(destination))
                .flatMap(there -> {
                    String other = there.keySet().stream()
                            // An instance has an id, so what has none was put by hand.
                            .filter(key -> !key.equals(own) && !key.endsWith("/"))
                            .findFirst()
                            .orElse(null);
                    return other == null
                            ? Mono.just(hold)
                            : Mono.<Hold>error(taken(
                                    destination,
                                    DirectoryKeys.behind(DirectoryKeys.instances(destination), other)
                                            .get(0),
                                    "is registered"));
                })
                .onErrorResume(failure -> hold.release().onErrorComplete().then(Mono.error(failure)));
        // Emitted where a cancel is heard: either the caller gets the hold, or it is let go.
        return Mono.create(sink -> {
            Disposable.Swap looking = Disposables.swap();
            sink.onCancel(() -> {
                looking.dispose();
                hold.release()
                        .subscribe(
                                done -> {},
                                failure -> LOG.debug("Releasing {} after a cancel: {}", own, failure.getMessage()));
            });
            looking.update(looked.subscribe(sink::success, sink::error, () -> {}, Context.of(sink.contextView())));
        });
    }

    private static DestinationTakenException taken(String destination, String by, String how) {
        return new DestinationTakenException("destination \"" + destination + "\" is taken: " + by + " " + how
                + ". Take another name, register when it has gone, or let neither be exclusive");
    }

    @Override
    public Flux<Set<Instance>> watch(String destination) {
        Checks.name("destination", destination);
        return keyspace.watch(DirectoryKeys.instances(destination))
                .map(KeyedDirectory::instances)
                .distinctUntilChanged();
    }

    @Override
    public Mono<Membership> join(String destination, String group, GroupTerms terms, String member, Duration ttl) {
        Checks.name("destination", destination);
        Checks.name("group", group);
        Checks.name("member", member);
        Checks.ttl(ttl);
        Claim claim = new Claim(
                Map.of(DirectoryKeys.member(destination, group, member), "{}"),
                Map.of(DirectoryKeys.group(destination, group), EntryText.of(terms)),
                Set.of());
        return keyspace.hold(claim, ttl)
                .onErrorMap(
                        KeyTakenException.class,
                        taken -> new IllegalStateException("group \"" + group + "\" of destination \"" + destination
                                + "\" has a member " + member + " already: join under another id"))
                .map(hold -> new HeldMembership(member, hold));
    }

    @Override
    public Flux<Set<GroupEntry>> watchGroups(String destination) {
        Checks.name("destination", destination);
        String prefix = DirectoryKeys.groups(destination);
        return keyspace.watch(prefix).map(entries -> groups(prefix, entries)).distinctUntilChanged();
    }

    @Override
    public Mono<Set<GroupEntry>> groups(String destination) {
        Checks.name("destination", destination);
        String prefix = DirectoryKeys.groups(destination);
        return keyspace.read(prefix).map(entries -> groups(prefix, entries));
    }

    private Set<GroupEntry> groups(String prefix, NavigableMap<String, Value> entries) {
        Map<String, Found> found = new TreeMap<>();
        entries.forEach((key, value) -> {
            List<String> path = DirectoryKeys.behind(prefix, key);
            if (!DirectoryKeys.isOfGroup(path)) {
                strange(key);
                return;
            }
            Found group = found.computeIfAbsent(path.get(0), name -> new Found());
            if (path.size() == 1) {
                group.terms = EntryText.terms(key, value.text());
                group.revision = value.revision();
            } else {
                group.members.add(path.get(path.size() - 1));
            }
        });
        Set<GroupEntry> all = new LinkedHashSet<>();
        found.forEach((name, group) -> all.add(new GroupEntry(
                name, Objects.requireNonNullElse(group.terms, GroupTerms.defaults()), group.members, group.revision)));
        return Collections.unmodifiableSet(all);
    }

    private void strange(String key) {
        if (strange.compareAndSet(false, true)) {
            LOG.warn(
                    "The directory has a key that names neither a group nor a member, {}: such keys are left out", key);
        } else {
            LOG.debug("Left out {}", key);
        }
    }

    private static final class Found {
        private final Set<String> members = new HashSet<>();
        private @Nullable GroupTerms terms;
        private long revision = -1;
    }

    @Override
    public Mono<Boolean> expire(String destination, GroupEntry seen) {
        String key = DirectoryKeys.group(destination, seen.name());
        return keyspace.remove(key, seen.revision())
                .then(groups(destination))
                .flatMap(left -> left.stream()
                        .filter(group -> group.name().equals(seen.name()))
                        .findFirst()
                        .map(group -> comeBack(key, group, seen.terms()).thenReturn(false))
                        .orElse(Mono.just(true)));
    }

    /** Who joined before the key was removed had found it there, and would put it back with its next renewal only. */
    private Mono<Void> comeBack(String key, GroupEntry group, GroupTerms terms) {
        return group.revision() >= 0 ? Mono.empty() : keyspace.keep(key, EntryText.of(terms));
    }

    @Override
    public Flux<String> names() {
        return KeyedDirectory.names(keyspace, DirectoryKeys.DESTINATIONS);
    }

    /** A membership that holds a key. */
    private record HeldMembership(String id, Hold hold) implements Membership {

        @Override
        public Mono<Void> withdraw() {
            return hold.release();
        }

        @Override
        public Mono<Void> onEnd() {
            return hold.onEnd();
        }
    }
}
