package dev.sluice.pipes;

import dev.sluice.Frame;
import dev.sluice.channel.Delivery;
import dev.sluice.directory.Destinations;
import dev.sluice.directory.DirectoryClosedException;
import dev.sluice.directory.Instance;
import dev.sluice.directory.LastingRegistration;
import dev.sluice.directory.Membership;
import dev.sluice.rsocket.channel.DeliveryHistory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.util.retry.Retry;

/**
 * One subscriber of {@link Group#join}: its membership in the directory, and a link to each endpoint of the destination that the directory has shown.
 *
 * <p>First it is a member, then it looks for instances; so the destination knows of the group before anybody connects. {@code links} is guarded by
 * this; links are begun and ended outside of the lock.
 */
final class Member {

    private static final Logger LOG = LoggerFactory.getLogger(Member.class);

    /** Some 32 KiB each. */
    private static final int MOST_PAST = 32;

    private final String destination;
    private final String group;
    private final JoinOptions options;
    private final Destinations directory;
    private final Duration ttl;
    private final Supplier<String> ids;
    private final Connections connections;
    private final Scheduler clock;
    private final Inflow inflow;
    private final Disposable.Swap watch = Disposables.swap();
    private final AtomicBoolean stood = new AtomicBoolean();
    private final Map<Endpoint, Link> links = new HashMap<>();

    /** What was had from endpoints that are gone: when one is back, what was taken does not come again, and it can tell whether the group was given up. */
    private final Map<Endpoint, DeliveryHistory> past = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Endpoint, DeliveryHistory> eldest) {
            return size() > MOST_PAST;
        }
    };

    private @Nullable LastingRegistration<Membership> membership;
    private boolean over;
    private volatile boolean subscribed;

    Member(
            Pipes pipes,
            String destination,
            String group,
            JoinOptions options,
            CoreSubscriber<? super Delivery<Frame>> actual) {
        this.destination = destination;
        this.group = group;
        this.options = options;
        this.directory = pipes.destinations();
        this.ttl = pipes.options().ttl();
        this.ids = pipes::newId;
        this.connections = pipes.connections();
        this.clock = pipes.options().clock();
        this.inflow = new Inflow(actual, clock, () -> {
            leave();
            pipes.left(this);
        });
    }

    Inflow inflow() {
        return inflow;
    }

    /** The subscriber has its subscription: from now on it can be told that it is over. */
    void subscribed() {
        subscribed = true;
    }

    /** Joins; called once, when the subscriber has its subscription. */
    void begin() {
        if (isOver()) {
            return;
        }
        LastingRegistration<Membership> made = LastingRegistration.keep(
                "a member of group " + group + " of " + destination,
                attempt -> directory
                        .join(destination, group, options.terms(), ids.get(), ttl)
                        .doOnNext(joined -> stood.set(true)),
                // Who waits for the first is told; from then on streams go on without the directory.
                failure -> !stood.get(),
                clock);
        boolean left;
        synchronized (this) {
            membership = made;
            left = over;
        }
        if (left) {
            quietly(made);
            return;
        }
        made.first().subscribe(joined -> watch(), inflow::fail);
    }

    private synchronized boolean isOver() {
        return over;
    }

    private void watch() {
        watch.update(directory
                .watch(destination)
                .retryWhen(Retry.backoff(Long.MAX_VALUE, Duration.ofMillis(100))
                        .maxBackoff(Duration.ofSeconds(5))
                        .transientErrors(true)
                        .filter(failure -> !(failure instanceof DirectoryClosedException))
                        .scheduler(clock))
                // A client draws random numbers when it is made, for which the system is asked.
                .publishOn(Schedulers.boundedElastic(), 1)
                .subscribe(this::seen, this::unwatched));
    }

    /** A directory that was closed tells nothing new; what was known of it goes on. */
    private void unwatched(Throwable failure) {
        if (failure instanceof DirectoryClosedException) {
            LOG.debug("{} is not watched any more", destination);
        } else {
            inflow.fail(failure);
        }
    }

    private void seen(Set<Instance> instances) {
        Set<Endpoint> shown = instances.stream().map(Endpoint::of).collect(Collectors.toSet());
        List<Link> fresh = new ArrayList<>();
        synchronized (this) {
            if (over) {
                return;
            }
            links.forEach((endpoint, link) -> {
                if (!shown.contains(endpoint)) {
                    link.unwanted();
                }
            });
            for (Endpoint endpoint : shown) {
                Link known = links.get(endpoint);
                if (known == null || !known.wanted()) {
                    Link link = new Link(
                            connections,
                            endpoint,
                            PipeVerbs.receive(destination, group, options),
                            history(endpoint, known),
                            inflow,
                            clock,
                            this::ended);
                    links.put(endpoint, link);
                    fresh.add(link);
                }
            }
        }
        fresh.forEach(Link::begin);
    }

    /** With the lock. */
    private DeliveryHistory history(Endpoint endpoint, @Nullable Link known) {
        DeliveryHistory had = known == null ? past.remove(endpoint) : known.history();
        return had == null ? new DeliveryHistory() : had;
    }

    private synchronized void ended(Link link) {
        if (links.remove(link.endpoint(), link)) {
            past.put(link.endpoint(), link.history());
        }
    }

    private void leave() {
        List<Link> all;
        LastingRegistration<Membership> joined;
        synchronized (this) {
            over = true;
            all = List.copyOf(links.values());
            joined = membership;
        }
        watch.dispose();
        all.forEach(Link::end);
        if (joined != null) {
            quietly(joined);
        }
    }

    private void quietly(LastingRegistration<Membership> joined) {
        joined.withdraw()
                .subscribe(
                        left -> {},
                        failure -> LOG.info(
                                "The directory was not told that a member of group {} of {} left, and finds out within {}: {}",
                                group,
                                destination,
                                ttl,
                                failure.getMessage()));
    }

    /** Ends it, unless its subscriber has no subscription yet; completes when the directory knows that it left. */
    Mono<Void> goodbye() {
        if (subscribed) {
            inflow.complete();
        }
        LastingRegistration<Membership> joined;
        synchronized (this) {
            joined = membership;
        }
        return joined == null ? Mono.empty() : joined.withdraw().onErrorComplete();
    }
}
