package dev.sluice.hub;

import dev.sluice.directory.Directory;
import dev.sluice.directory.Instance;
import dev.sluice.directory.LastingRegistration;
import dev.sluice.directory.Registration;
import dev.sluice.hub.config.ShownUrl;
import dev.sluice.rsocket.watch.Watcher;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Has a hub stand in a directory, as an instance of {@value #HUB} and of each service that its clients can call, as they come and go. Without a
 * directory it does nothing.
 *
 * <p>All happens on one worker, one thing after the other: {@code heard}, {@code offers} and {@code ended} are its own, and only it changes {@code
 * kept}. It is told that something about a name has changed, and looks itself what is so now; then it does not matter which of two changes is told
 * first. Thread safe.
 */
final class HubRegistrations implements Watcher {

    /** The service that every hub is an instance of. */
    static final String HUB = "hub";

    /** The name of a hub, in the metadata of its instances. */
    static final String NODE = "node";

    /** Which run of a hub an instance belongs to. */
    static final String RUN = "hub";

    private static final Logger LOG = LoggerFactory.getLogger(HubRegistrations.class);
    private static final List<String> INTERNAL = List.of("hub.", "channel.", "outlet.");
    private static final Duration GOODBYE = Duration.ofSeconds(2);
    private static final int WITHDRAWN_AT_A_TIME = 64;

    private final @Nullable Directory directory;
    private final boolean isOwn;
    private final String shown;
    private final Duration ttl;
    private final String node;
    private final Scheduler worker = Schedulers.single(Schedulers.parallel());
    private final Map<String, LastingRegistration<Registration>> kept = new ConcurrentHashMap<>();
    private final Set<String> heard = new HashSet<>();
    private final Sinks.Empty<Void> closed = Sinks.empty();
    private Predicate<String> offers = name -> false;
    private @Nullable Instance here;
    private boolean ended;

    private HubRegistrations(HubOptions options) {
        String url = options.directoryUrl();
        Directory given = options.directory();
        this.isOwn = url != null;
        this.directory = url == null ? given : Directory.open(url);
        this.shown = url == null ? String.valueOf(given) : ShownUrl.of(url);
        this.ttl = options.directoryTtl();
        this.node = directory == null ? "" : Objects.requireNonNullElseGet(options.node(), HubRegistrations::machine);
    }

    /**
     * Those of a hub.
     *
     * @throws dev.sluice.ConfigurationException when the URL of the directory is bad
     */
    static HubRegistrations of(HubOptions options) {
        return new HubRegistrations(options);
    }

    boolean isOff() {
        return directory == null;
    }

    private static String machine() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException unnamed) {
            return HUB;
        }
    }

    /**
     * Registers the hub, and what it offers from now on.
     *
     * @param answering where the hub answers; its id and name are added
     * @param isOffered whether clients can call a service now
     */
    void begin(Instance answering, Predicate<String> isOffered) {
        Map<String, String> metadata = new HashMap<>(answering.metadata());
        metadata.put(NODE, node);
        metadata.put(RUN, newId());
        LOG.info("Registering in {} as {}", shown, answering.withId(node));
        onWorker(() -> {
            if (ended) {
                return;
            }
            here = answering.withMetadata(metadata);
            offers = isOffered;
            keep(HUB, here);
            heard.forEach(this::look);
            heard.clear();
        });
    }

    @Override
    public void offered(String service) {
        changed(service);
    }

    @Override
    public void withdrawn(String service) {
        changed(service);
    }

    private void changed(String service) {
        // A client may offer "hub" too; in the directory the name is taken.
        if (directory != null && !service.equals(HUB) && INTERNAL.stream().noneMatch(service::startsWith)) {
            onWorker(() -> look(service));
        }
    }

    private void onWorker(Runnable work) {
        try {
            worker.schedule(work);
        } catch (RejectedExecutionException closed) {
            LOG.debug("Too late to register");
        }
    }

    private void look(String service) {
        Instance instance = here;
        if (ended) {
            return;
        }
        if (instance == null) {
            heard.add(service);
        } else if (offers.test(service)) {
            Map<String, String> metadata = new HashMap<>(instance.metadata());
            metadata.keySet().retainAll(Set.of(NODE, RUN, Instance.PATH));
            keep(service, instance.withMetadata(metadata));
        } else {
            LastingRegistration<Registration> gone = kept.remove(service);
            if (gone != null) {
                withdraw(gone).subscribe();
            }
        }
    }

    private void keep(String service, Instance instance) {
        Directory into = Objects.requireNonNull(directory);
        kept.computeIfAbsent(
                service,
                name -> LastingRegistration.keep(
                        "\"" + name + "\" in " + shown, attempt -> into.register(name, instance.withId(newId()), ttl)));
    }

    /** Never one there was: whoever lost its registration is taken for dead. */
    private String newId() {
        return node + "-" + Long.toString(ThreadLocalRandom.current().nextLong(1L << 24, 1L << 30), 36);
    }

    /** How many stand now. */
    int standing() {
        return (int)
                kept.values().stream().filter(each -> each.current() != null).count();
    }

    /**
     * Takes all out of the directory for good. One that does not answer is not waited for: it forgets the hub by itself. What the worker has not come to
     * when it ends is done: whoever ended it has taken out all there was.
     */
    Mono<Void> withdraw() {
        return isOff()
                ? Mono.empty()
                : Mono.defer(this::takeOut)
                        .subscribeOn(worker)
                        .takeUntilOther(closed.asMono())
                        .onErrorComplete();
    }

    private Mono<Void> takeOut() {
        ended = true;
        List<LastingRegistration<Registration>> all = new ArrayList<>(kept.values());
        kept.clear();
        return Flux.fromIterable(all)
                .flatMap(HubRegistrations::withdraw, WITHDRAWN_AT_A_TIME)
                .then()
                .timeout(GOODBYE)
                .onErrorComplete();
    }

    private static Mono<Void> withdraw(LastingRegistration<Registration> registration) {
        return registration.withdraw().onErrorResume(failure -> {
            LOG.debug("Withdrawing in vain", failure);
            return Mono.empty();
        });
    }

    /** Withdraws what is left, and lets go of the directory. */
    Mono<Void> close() {
        Directory open = directory;
        return withdraw()
                .then(open == null || !isOwn ? Mono.<Void>empty() : open.close().timeout(GOODBYE))
                .onErrorComplete()
                .doFinally(end -> {
                    worker.dispose();
                    closed.tryEmitEmpty();
                });
    }
}
