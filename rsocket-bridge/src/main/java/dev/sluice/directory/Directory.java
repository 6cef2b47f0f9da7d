package dev.sluice.directory;

import dev.sluice.channel.spi.ChannelsConfig;
import java.time.Duration;
import java.util.Set;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Which instances of a service there are. Those who offer one register and are found; those who stop renewing are forgotten.
 *
 * <p>Thread safe. Everything is lazy: it happens at subscription, and for each one. A directory that cannot be asked fails with {@link
 * dev.sluice.DirectoryUnavailableException}, and one that was closed with {@link DirectoryClosedException}, watches too.
 */
public interface Directory {

    /** The shortest time to live. */
    Duration SHORTEST_TTL = Duration.ofSeconds(1);

    /** The longest time to live. */
    Duration LONGEST_TTL = Duration.ofDays(1);

    /**
     * Opens a directory by URL. The scheme names the engine, which is found on the class path:
     *
     * <ul>
     *   <li>{@code memory:name}: within this process, shared by all who open that name; without a name it is nobody else's
     *   <li>{@code static:host:port,host:port}: these instances, for every service; {@code ?scheme=ws} for other than {@code rsocket}
     *   <li>{@code etcd://host:2379,host2:2379/prefix}: in an etcd, with {@code dev.sluice:sluice-etcd}
     * </ul>
     *
     * <p>Does not block: an engine that is elsewhere connects when it is used.
     *
     * @param url the engine, where it is, and its options
     * @return a directory, the caller's to close
     * @throws dev.sluice.ConfigurationException when the engine or an option is unknown, or a value is bad
     */
    static Directory open(String url) {
        return Engines.open(ChannelsConfig.parse(url));
    }

    /**
     * Checks a URL as far as that can be done without opening it: the engine, and the names of the options.
     *
     * @throws dev.sluice.ConfigurationException when one of them is unknown
     */
    static void check(String url) {
        Engines.check(ChannelsConfig.parse(url));
    }

    /** A directory of its own, in memory. */
    static Directory inMemory() {
        return inMemory(Schedulers.parallel());
    }

    /**
     * A directory of its own, in memory, whose times pass with a scheduler's.
     *
     * @param clock tells the time, renews and expires
     */
    static Directory inMemory(Scheduler clock) {
        return over(Keyspace.inMemory(clock));
    }

    /**
     * A directory over an engine that keeps texts by key.
     *
     * @param keyspace closed with the directory
     */
    static Directory over(Keyspace keyspace) {
        return new KeyedDirectory(keyspace);
    }

    /**
     * Registers an instance, and renews it until it is withdrawn, lost, or the directory is closed. A cancel before the registration is
     * there leaves nothing behind.
     *
     * <p>Fails with {@link IllegalStateException} when the service has an instance of that id, and with {@link
     * UnsupportedOperationException} where instances are fixed.
     *
     * @param service its name, 1 to 255 bytes
     * @param instance where it is
     * @param ttl how long it is kept after the last renewal; it is renewed three times as often. {@link #SHORTEST_TTL} to {@link
     *     #LONGEST_TTL}
     * @return the registration, the caller's to withdraw
     * @throws IllegalArgumentException when a value is out of bounds
     */
    Mono<Registration> register(String service, Instance instance, Duration ttl);

    /**
     * The instances of a service: those there are, an empty set too, and then all of them after each change. A slow subscriber gets the
     * latest set and not those between; nothing is kept for it but that. Does not complete. Signals run on the thread that made the change,
     * and must not block it.
     *
     * <p>An engine that loses touch with its directory goes on with what it knew, for as long as it can hope.
     *
     * @param service its name
     * @return unmodifiable sets, never two equal ones in a row
     */
    Flux<Set<Instance>> watch(String service);

    /**
     * The instances of a service now.
     *
     * @param service its name
     * @return one set, empty when there is none
     */
    Mono<Set<Instance>> instances(String service);

    /** The services that have an instance now, in the order of their names; none where every name is served. */
    Flux<String> services();

    /** The destinations of pipes, their groups, and who is in them. */
    Destinations destinations();

    /**
     * Withdraws what was registered through this, ends its watches with an error, and lets go of all it holds.
     *
     * @return completes when that is done
     */
    Mono<Void> close();
}
