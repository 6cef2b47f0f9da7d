package dev.sluice.directory;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;

/**
 * Leases of instances, and those who watch them.
 *
 * <p>All under the lock of this; watchers are signalled after it was given back, and read the latest set themselves, so it does not matter
 * who signals first.
 */
final class MemoryRegistry {

    final Scheduler clock;
    private final NavigableMap<String, Topic> topics = new TreeMap<>();

    MemoryRegistry(Scheduler clock) {
        this.clock = clock;
    }

    /** What there is of one service. It stays for as long as it has leases or watchers. */
    static final class Topic {
        private final NavigableMap<String, Lease> leases = new TreeMap<>();
        private final List<SetWatcher> watchers = new CopyOnWriteArrayList<>();
        private volatile Set<Instance> current = Set.of();

        Set<Instance> current() {
            return current;
        }

        private void signal() {
            watchers.forEach(SetWatcher::drain);
        }

        private void refresh() {
            Set<Instance> all = new LinkedHashSet<>();
            leases.values().forEach(lease -> all.add(lease.instance));
            current = Collections.unmodifiableSet(all);
        }
    }

    /** An instance, and until when it stands. */
    static final class Lease {
        final String service;
        final Instance instance;
        final long ttlNanos;
        private final Disposable.Swap timer = Disposables.swap();
        private long expires;

        private Lease(String service, Instance instance, Duration ttl) {
            this.service = service;
            this.instance = instance;
            this.ttlNanos = ttl.toNanos();
        }
    }

    Lease register(String service, Instance instance, Duration ttl) {
        Topic topic;
        Lease lease = new Lease(service, instance, ttl);
        synchronized (this) {
            topic = topics.computeIfAbsent(service, absent -> new Topic());
            if (topic.leases.putIfAbsent(instance.id(), lease) != null) {
                throw new IllegalStateException("service \"" + service + "\" has an instance " + instance.id()
                        + " already: register under another id, or when that one is withdrawn or has expired");
            }
            lease.expires = now() + lease.ttlNanos;
            topic.refresh();
        }
        expireIn(lease, lease.ttlNanos);
        topic.signal();
        return lease;
    }

    /** Lets the lease stand for another time to live; false when it has expired. */
    boolean renew(Lease lease) {
        synchronized (this) {
            Topic topic = topics.get(lease.service);
            if (topic == null || topic.leases.get(lease.instance.id()) != lease || now() >= lease.expires) {
                return false;
            }
            lease.expires = now() + lease.ttlNanos;
            return true;
        }
    }

    void remove(Lease lease) {
        lease.timer.dispose();
        Topic topic;
        synchronized (this) {
            topic = topics.get(lease.service);
            if (topic == null || !topic.leases.remove(lease.instance.id(), lease)) {
                return;
            }
            topic.refresh();
            tidy(lease.service, topic);
        }
        topic.signal();
    }

    private void expireIn(Lease lease, long nanos) {
        // The timer is not moved by each renewal, it looks when it fires.
        lease.timer.update(clock.schedule(() -> expire(lease), nanos, TimeUnit.NANOSECONDS));
    }

    private void expire(Lease lease) {
        long left;
        synchronized (this) {
            left = lease.expires - now();
        }
        if (left > 0) {
            expireIn(lease, left);
        } else {
            remove(lease);
        }
    }

    synchronized Set<Instance> instances(String service) {
        Topic topic = topics.get(service);
        return topic == null ? Set.of() : topic.current;
    }

    synchronized List<String> services() {
        return topics.entrySet().stream()
                .filter(entry -> !entry.getValue().leases.isEmpty())
                .map(entry -> entry.getKey())
                .toList();
    }

    synchronized boolean isEmpty() {
        return topics.isEmpty();
    }

    Flux<Set<Instance>> watch(String service) {
        return new Flux<>() {
            @Override
            public void subscribe(CoreSubscriber<? super Set<Instance>> actual) {
                actual.onSubscribe(MemoryRegistry.this.join(service, actual));
            }
        };
    }

    private synchronized SetWatcher join(String service, CoreSubscriber<? super Set<Instance>> actual) {
        Topic topic = topics.computeIfAbsent(service, absent -> new Topic());
        SetWatcher watcher = new SetWatcher(topic, actual, left -> leave(service, topic, left));
        topic.watchers.add(watcher);
        return watcher;
    }

    private synchronized void leave(String service, Topic topic, SetWatcher watcher) {
        if (topic.watchers.remove(watcher)) {
            tidy(service, topic);
        }
    }

    private void tidy(String service, Topic topic) {
        if (topic.leases.isEmpty() && topic.watchers.isEmpty()) {
            topics.remove(service, topic);
        }
    }

    private long now() {
        return clock.now(TimeUnit.NANOSECONDS);
    }
}
