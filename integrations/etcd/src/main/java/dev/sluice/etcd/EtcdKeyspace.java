package dev.sluice.etcd;

import dev.sluice.directory.Keyspace;
import dev.sluice.directory.LatestWatcher;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.Context;
import reactor.util.retry.Retry;

/** Texts by key in an etcd: one holder's view of them, and what that holder holds. */
final class EtcdKeyspace implements Keyspace {

    /** Every so many times that the revision is looked at, what is watched is read again. */
    private static final int READ_AGAIN = 6;

    private final EtcdOptions options;
    private final EtcdClient client;
    private final Keys keys;
    private final Era era;
    private final Reading reading;
    private final Reserved reserved = new Reserved();
    private final Map<Duration, SharedLease> leases = new ConcurrentHashMap<>();
    private final Map<String, Topic> topics = new HashMap<>();
    private final AtomicBoolean closing = new AtomicBoolean();
    private final Disposable.Swap resync = Disposables.swap();
    private final Mono<Void> closed;
    private boolean looking;
    private int looks;

    EtcdKeyspace(EtcdOptions options) {
        this.options = options;
        this.era = new Era(this::replaced);
        this.client = new EtcdClient(options, era);
        this.keys = new Keys(options.prefix());
        this.reading = new Reading(client, keys);
        this.closed = Mono.defer(this::shut).cache();
    }

    @Override
    public Mono<Hold> hold(Claim claim, Duration ttl) {
        int size = claim.leased().size() + claim.kept().size() + claim.absent().size();
        if (size > Holdings.BATCH) {
            throw new IllegalArgumentException("a claim has at most " + Holdings.BATCH + " keys, was " + size);
        }
        // Emitted where a cancel is heard: either the caller gets the hold, or it is undone.
        return Mono.create(sink -> {
            requireOpen();
            Held held = new Held(claim, ttl);
            reserved.take(held);
            Mono<Void> put = Mono.defer(() -> put(held, ttl))
                    .retryWhen(Retry.max(3).filter(SharedLease.Over.class::isInstance))
                    .onErrorMap(
                            Exceptions::isRetryExhausted,
                            failure -> client.failures().told("register", failure))
                    .doOnError(failure -> {
                        // Who is told may try again at once. What was put all the same goes with the next renewal, or
                        // with the lease.
                        reserved.free(held);
                        undo(held, false);
                    });
            Disposable.Swap putting = Disposables.swap();
            sink.onCancel(() -> {
                putting.dispose();
                undo(held, true);
            });
            putting.update(put.subscribe(
                    nothing -> {}, sink::error, () -> sink.success(held), Context.of(sink.contextView())));
        });
    }

    private Mono<Void> put(Held held, Duration ttl) {
        if (held.isUndone()) {
            return Mono.empty();
        }
        SharedLease lease = enter(held, ttl);
        return held.isUndone() ? lease.depart(held, false) : lease.put(held);
    }

    private void undo(Held held, boolean put) {
        held.undo(put).doFinally(signal -> reserved.free(held)).subscribe(done -> {}, failure -> {});
    }

    private SharedLease enter(Held held, Duration ttl) {
        while (true) {
            requireOpen();
            SharedLease lease = leases.computeIfAbsent(
                    ttl,
                    wanted -> new SharedLease(client, keys, reserved, wanted, ended -> leases.remove(wanted, ended)));
            if (lease.enter(held)) {
                if (closing.get()) {
                    // Closed meanwhile: whoever closed may not have seen it.
                    lease.close().subscribe(done -> {}, failure -> {});
                    requireOpen();
                }
                return lease;
            }
            leases.remove(ttl, lease);
        }
    }

    /** Without a lease, which is for what is held. */
    @Override
    public Mono<Void> keep(String key, String text) {
        Claim claim = new Claim(Map.of(), Map.of(key, text), Set.of());
        return whileOpen(client.txn("keep " + key, keys.restore(claim, 0))).then();
    }

    @Override
    public Mono<Boolean> remove(String key, long revision) {
        return whileOpen(client.txn("remove " + key, keys.remove(key, revision)))
                .map(answer -> answer.getSucceeded());
    }

    @Override
    public Mono<NavigableMap<String, Value>> read(String prefix) {
        return whileOpen(reading.all(prefix)).map(read -> Collections.unmodifiableNavigableMap(read.texts()));
    }

    @Override
    public Flux<NavigableMap<String, Value>> watch(String prefix) {
        return new Flux<>() {
            @Override
            public void subscribe(CoreSubscriber<? super NavigableMap<String, Value>> actual) {
                LatestWatcher<NavigableMap<String, Value>> watcher = EtcdKeyspace.this.join(prefix, actual);
                actual.onSubscribe(watcher);
                if (closing.get()) {
                    watcher.fail(client.failures().closed());
                }
            }
        };
    }

    private LatestWatcher<NavigableMap<String, Value>> join(
            String prefix, CoreSubscriber<? super NavigableMap<String, Value>> actual) {
        Topic topic;
        LatestWatcher<NavigableMap<String, Value>> watcher;
        boolean begins;
        synchronized (topics) {
            Topic there = topics.get(prefix);
            begins = there == null && !closing.get();
            topic = there == null ? new Topic(prefix, client, keys, era) : there;
            if (begins) {
                topics.put(prefix, topic);
                look();
            }
            watcher = topic.join(actual, left -> leave(prefix, topic, left));
        }
        if (begins) {
            topic.begin();
        }
        return watcher;
    }

    private void leave(String prefix, Topic topic, LatestWatcher<NavigableMap<String, Value>> watcher) {
        synchronized (topics) {
            if (!topic.leave(watcher)) {
                return;
            }
            topics.remove(prefix, topic);
        }
        topic.end();
    }

    private List<Topic> watched() {
        synchronized (topics) {
            return new ArrayList<>(topics.values());
        }
    }

    /** It is not the data that was read. */
    private void replaced() {
        watched().forEach(Topic::begin);
    }

    /** Looks after a while whether etcd has what it had, and goes on while anything is watched. */
    private void look() {
        synchronized (topics) {
            if (!looking && !topics.isEmpty() && !closing.get()) {
                looking = true;
                resync.update(Schedulers.parallel()
                        .schedule(this::looked, options.resync().toNanos(), TimeUnit.NANOSECONDS));
            }
        }
    }

    private void looked() {
        boolean all = ++looks % READ_AGAIN == 0;
        Mono<Void> look =
                all ? Flux.fromIterable(watched()).concatMap(Topic::compare).then() : reading.revision();
        look.onErrorComplete()
                .doFinally(signal -> {
                    synchronized (topics) {
                        looking = false;
                    }
                    look();
                })
                .subscribe();
    }

    @Override
    public Mono<Void> close() {
        return closed;
    }

    private Mono<Void> shut() {
        closing.set(true);
        resync.dispose();
        // Those who watch are to keep what they knew, not to see everything leave.
        watched().forEach(topic -> topic.fail(client.failures().closed()));
        return Flux.fromIterable(List.copyOf(leases.values()))
                .flatMap(lease -> lease.close().onErrorComplete())
                .then()
                .doFinally(signal -> client.close());
    }

    private <T> Mono<T> whileOpen(Mono<T> work) {
        return Mono.defer(() -> {
            requireOpen();
            return work;
        });
    }

    private void requireOpen() {
        if (closing.get()) {
            throw client.failures().closed();
        }
    }

    /** Renews no more and says nothing, as a process that dies or sleeps: for tests. */
    void suspend() {
        leases.values().forEach(SharedLease::suspend);
    }

    /** Goes on where it was suspended: for tests. */
    void resume() {
        leases.values().forEach(SharedLease::resume);
    }

    /** The leases in etcd: for tests. */
    List<Long> leases() {
        return leases.values().stream().map(SharedLease::current).toList();
    }

    /** Whether nothing is held or watched: for tests. */
    boolean isEmpty() {
        return reserved.isEmpty() && leases.isEmpty() && watched().isEmpty();
    }

    @Override
    public String toString() {
        return options.toString();
    }
}
