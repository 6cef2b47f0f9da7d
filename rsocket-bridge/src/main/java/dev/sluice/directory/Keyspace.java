package dev.sluice.directory;

import dev.sluice.DirectoryUnavailableException;
import java.time.Duration;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeSet;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * What an engine of directories keeps: short texts by key, some for good and some for as long as somebody holds them. {@link Directory#over} makes a
 * directory of it. Keys are paths of segments with {@code /} between them, as {@link DirectoryKeys} makes them.
 *
 * <p>Thread safe. Everything is lazy. What cannot be asked fails with {@link dev.sluice.DirectoryUnavailableException}, and what was closed
 * with {@link DirectoryClosedException}.
 */
public interface Keyspace {

    /**
     * A text.
     *
     * @param text what stands there
     * @param revision grows with each change of the keyspace: who sees the same revision twice sees the same text
     */
    record Value(String text, long revision) {}

    /**
     * What somebody wants to hold.
     *
     * @param leased texts that are there for as long as they are held; none of these keys may exist
     * @param kept texts that stay, and are put where there is none under their key
     * @param absent further keys that must not exist
     */
    record Claim(Map<String, String> leased, Map<String, String> kept, Set<String> absent) {

        /** Copies what it is given. */
        public Claim {
            leased = Map.copyOf(leased);
            kept = Map.copyOf(kept);
            absent = Set.copyOf(absent);
        }
    }

    /** Keys somebody holds. Thread safe. */
    interface Hold {

        /** Lets them go, for the first subscriber; further ones see the same end. A cancel does not call it off. Kept ones stay. */
        Mono<Void> release();

        /**
         * Completes when they were released, and fails with {@link dev.sluice.DirectoryUnavailableException} when they were lost: they could
         * not be renewed in time, so others may have seen them go, or somebody else has taken one of them after the engine had lost it.
         */
        Mono<Void> onEnd();
    }

    /**
     * Puts keys, all or none, and renews them until they are released, lost, or this is closed. Keys that vanish although they were renewed in
     * time, because somebody removed them or the engine lost what it had, are put again within a third of the time to live. A cancel before
     * they are there leaves nothing leased behind.
     *
     * @param claim what is to be held
     * @param ttl how long leased keys stay after the last renewal
     * @return fails with {@link KeyTakenException} when a key is there that must not be
     */
    Mono<Hold> hold(Claim claim, Duration ttl);

    /**
     * A keyspace of its own, in memory.
     *
     * @param clock tells the time, renews and expires
     */
    static Keyspace inMemory(Scheduler clock) {
        return new MemoryKeyspace(new MemoryKeys(clock), () -> {});
    }

    /** The error of a hold that was lost, in the same words for all engines. */
    static DirectoryUnavailableException lost(Claim claim, Duration ttl) {
        return new DirectoryUnavailableException(
                String.join(", ", new TreeSet<>(claim.leased().keySet())) + " was not renewed within " + ttl
                        + ", or taken by somebody else: register again, under a new id",
                null);
    }

    /**
     * Puts a text that stays, unless there is one under its key.
     *
     * @return completes when there is one
     */
    default Mono<Void> keep(String key, String text) {
        return hold(new Claim(Map.of(), Map.of(key, text), Set.of()), Directory.SHORTEST_TTL)
                .flatMap(Hold::release);
    }

    /**
     * Removes a key, if nothing about it has changed.
     *
     * @param revision as it was seen
     * @return whether it was removed
     */
    Mono<Boolean> remove(String key, long revision);

    /**
     * All texts whose key begins with a prefix: those there are, and then all of them after each change. A slow subscriber gets the latest and
     * none between. Does not complete. An engine that loses touch goes on with what it knew, and tells what has changed when it is back.
     *
     * @param prefix ends with {@code /}
     * @return unmodifiable maps, in the order of the keys
     */
    Flux<NavigableMap<String, Value>> watch(String prefix);

    /**
     * All texts whose key begins with a prefix, now.
     *
     * @param prefix ends with {@code /}
     */
    Mono<NavigableMap<String, Value>> read(String prefix);

    /**
     * Releases what is held through this, ends its watches with {@link DirectoryClosedException}, and lets go of all else.
     *
     * @return completes when that is done
     */
    Mono<Void> close();
}
