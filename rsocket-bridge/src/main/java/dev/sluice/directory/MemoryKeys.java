package dev.sluice.directory;

import dev.sluice.directory.Keyspace.Claim;
import dev.sluice.directory.Keyspace.Value;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;

/**
 * Texts by key, leases, and those who watch.
 *
 * <p>All under the lock of this; watchers are signalled after it was given back, and read the latest state themselves, so it does not matter who
 * signals first.
 */
final class MemoryKeys {

    final Scheduler clock;
    private final NavigableMap<String, Cell> cells = new TreeMap<>();
    private final Map<String, Topic> topics = new HashMap<>();
    private final Set<Lease> leases = new HashSet<>();
    private long revision;

    MemoryKeys(Scheduler clock) {
        this.clock = clock;
    }

    private record Cell(Value value, @Nullable Lease lease) {}

    /** What is watched below a prefix. It stays for as long as it has watchers. */
    private static final class Topic {
        private final List<LatestWatcher<NavigableMap<String, Value>>> watchers = new CopyOnWriteArrayList<>();
        private volatile NavigableMap<String, Value> current = Collections.emptyNavigableMap();
    }

    /** What is held together, and until when it stands. */
    static final class Lease {
        final Claim claim;
        final long ttlNanos;
        private final Disposable.Swap timer = Disposables.swap();
        private long renewed;
        private boolean released;

        private Lease(Claim claim, long ttlNanos) {
            this.claim = claim;
            this.ttlNanos = ttlNanos;
        }
    }

    Lease hold(Claim claim, long ttlNanos) {
        Lease lease = new Lease(claim, ttlNanos);
        Set<Topic> changed = new HashSet<>();
        synchronized (this) {
            requireAbsent(claim.leased().keySet());
            requireAbsent(claim.absent());
            lease.renewed = now();
            leases.add(lease);
            put(lease, changed);
        }
        expireIn(lease, ttlNanos);
        signal(changed);
        return lease;
    }

    private void requireAbsent(Set<String> keys) {
        for (String key : keys) {
            Cell there = cells.get(key);
            if (there != null) {
                throw new KeyTakenException(key, there.value.text());
            }
        }
    }

    private void put(Lease lease, Set<Topic> changed) {
        lease.claim.kept().forEach((key, text) -> {
            if (!cells.containsKey(key)) {
                put(key, text, null, changed);
            }
        });
        lease.claim.leased().forEach((key, text) -> {
            if (!cells.containsKey(key)) {
                put(key, text, lease, changed);
            }
        });
    }

    private void put(String key, String text, @Nullable Lease lease, Set<Topic> changed) {
        cells.put(key, new Cell(new Value(text, ++revision), lease));
        touched(key, changed);
    }

    /**
     * Lets the lease stand for another time to live, and puts back what has vanished.
     *
     * @return false when it has expired or was released, or somebody else has a key of it
     */
    boolean renew(Lease lease) {
        Set<Topic> changed = new HashSet<>();
        synchronized (this) {
            if (lease.released || now() - lease.renewed >= lease.ttlNanos) {
                return false;
            }
            for (String key : lease.claim.leased().keySet()) {
                Cell there = cells.get(key);
                if (there != null && there.lease != lease) {
                    return false;
                }
            }
            lease.renewed = now();
            leases.add(lease);
            put(lease, changed);
        }
        expireIn(lease, lease.ttlNanos);
        signal(changed);
        return true;
    }

    void release(Lease lease) {
        lease.timer.dispose();
        Set<Topic> changed = new HashSet<>();
        synchronized (this) {
            lease.released = true;
            if (leases.remove(lease)) {
                drop(lease, changed);
            }
        }
        signal(changed);
    }

    private void drop(Lease lease, Set<Topic> changed) {
        for (String key : lease.claim.leased().keySet()) {
            Cell there = cells.get(key);
            if (there != null && there.lease == lease) {
                cells.remove(key);
                revision++;
                touched(key, changed);
            }
        }
    }

    private void expireIn(Lease lease, long nanos) {
        // The timer is not moved by each renewal, it looks when it fires.
        if (!lease.timer.isDisposed()) {
            lease.timer.update(clock.schedule(() -> expire(lease), nanos, TimeUnit.NANOSECONDS));
        }
    }

    private void expire(Lease lease) {
        long left;
        synchronized (this) {
            left = lease.renewed + lease.ttlNanos - now();
        }
        if (left > 0) {
            expireIn(lease, left);
        } else {
            release(lease);
        }
    }

    boolean remove(String key, long seen) {
        Set<Topic> changed = new HashSet<>();
        synchronized (this) {
            Cell there = cells.get(key);
            if (there == null || there.value.revision() != seen) {
                return false;
            }
            cells.remove(key);
            revision++;
            touched(key, changed);
        }
        signal(changed);
        return true;
    }

    /** Loses all there is, as an engine that is replaced by an empty one: for tests. */
    void wipe() {
        Set<Topic> changed = new HashSet<>();
        synchronized (this) {
            List<String> all = List.copyOf(cells.keySet());
            cells.clear();
            leases.clear();
            all.forEach(key -> touched(key, changed));
        }
        signal(changed);
    }

    synchronized NavigableMap<String, Value> read(String prefix) {
        NavigableMap<String, Value> found = new TreeMap<>();
        // U+FFFF sorts behind whatever may follow the prefix.
        cells.subMap(prefix, prefix + '\uffff').forEach((key, cell) -> found.put(key, cell.value));
        return Collections.unmodifiableNavigableMap(found);
    }

    synchronized boolean isEmpty() {
        return cells.isEmpty() && topics.isEmpty() && leases.isEmpty();
    }

    Flux<NavigableMap<String, Value>> watch(String prefix) {
        return new Flux<>() {
            @Override
            public void subscribe(CoreSubscriber<? super NavigableMap<String, Value>> actual) {
                actual.onSubscribe(MemoryKeys.this.join(prefix, actual));
            }
        };
    }

    private synchronized LatestWatcher<NavigableMap<String, Value>> join(
            String prefix, CoreSubscriber<? super NavigableMap<String, Value>> actual) {
        Topic topic = topics.get(prefix);
        if (topic == null) {
            topic = new Topic();
            topic.current = read(prefix);
            topics.put(prefix, topic);
        }
        Topic joined = topic;
        LatestWatcher<NavigableMap<String, Value>> watcher =
                new LatestWatcher<>(() -> joined.current, actual, left -> leave(prefix, joined, left));
        joined.watchers.add(watcher);
        return watcher;
    }

    private synchronized void leave(String prefix, Topic topic, LatestWatcher<NavigableMap<String, Value>> watcher) {
        topic.watchers.remove(watcher);
        if (topic.watchers.isEmpty()) {
            topics.remove(prefix, topic);
        }
    }

    private void touched(String key, Set<Topic> changed) {
        for (int slash = key.indexOf('/'); slash >= 0; slash = key.indexOf('/', slash + 1)) {
            String prefix = key.substring(0, slash + 1);
            Topic topic = topics.get(prefix);
            if (topic != null) {
                topic.current = read(prefix);
                changed.add(topic);
            }
        }
    }

    private static void signal(Set<Topic> changed) {
        changed.forEach(topic -> topic.watchers.forEach(LatestWatcher::drain));
    }

    private long now() {
        return clock.now(TimeUnit.NANOSECONDS);
    }
}
