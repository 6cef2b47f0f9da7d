package dev.sluice.etcd;

import dev.sluice.etcd.Held.State;
import io.etcd.jetcd.api.LeaseGrantResponse;
import io.etcd.jetcd.api.LeaseKeepAliveResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * The lease of all that is held for one time to live. It is granted with the first hold, renewed three times in its life, and revoked when the last hold
 * goes.
 *
 * <p>All state is under the lock of this; nothing is asked and nobody is told while it is held. {@code id} is 0 while etcd has no lease for this:
 * before the first hold, and from when etcd was found to have lost it until it has granted another one. Whoever sets a hold to THERE does so under
 * the id its keys were put with, so that whoever gets a new id sees all holds whose keys must be put again. Once {@code over}, it stays so, and the
 * keyspace makes another.
 */
final class SharedLease {

    private static final Logger LOG = LoggerFactory.getLogger(SharedLease.class);
    private static final int ATTEMPTS = 3;

    private final EtcdClient client;
    private final Holdings holdings;
    private final Reserved reserved;
    private final long seconds;
    private final Consumer<SharedLease> whenOver;
    private final Backoff backoff;
    private final Map<Held, State> holds = new LinkedHashMap<>();
    private final Disposable.Swap timer = Disposables.swap();
    private long id;
    private long life;
    private @Nullable Moment renewed;
    private @Nullable Mono<Long> granting;
    private boolean renewing;
    private boolean troubled;
    private boolean suspended;
    private boolean over;

    SharedLease(EtcdClient client, Keys keys, Reserved reserved, Duration ttl, Consumer<SharedLease> whenOver) {
        this.client = client;
        this.holdings = new Holdings(client, keys, this);
        this.reserved = reserved;
        this.seconds = ttl.plusNanos(999_999_999).toSeconds();
        this.whenOver = whenOver;
        this.life = TimeUnit.SECONDS.toNanos(seconds);
        this.backoff = new Backoff(life / 30, life / 3);
    }

    /** The lease has ended while somebody came: another one will do. */
    static final class Over extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Over() {
            super("the lease is over", null, false, false);
        }
    }

    /** Lets a hold in, unless this is over. */
    boolean enter(Held held) {
        synchronized (this) {
            if (over) {
                return false;
            }
            holds.put(held, State.COMING);
        }
        held.in(this);
        return true;
    }

    /** Puts the keys of a hold that was let in. */
    Mono<Void> put(Held held) {
        return put(held, ATTEMPTS);
    }

    private Mono<Void> put(Held held, int attempts) {
        return Mono.defer(() -> id().flatMap(with -> holdings.claim(held.claim(), with)
                        .then(Mono.fromCallable(() -> settle(held, with)))
                        .onErrorResume(failure -> {
                            boolean gone = failure.getCause() != null && Failures.leaseGone(failure.getCause());
                            if (gone) {
                                gone(with);
                            }
                            return gone && attempts > 0 ? Mono.just(false) : Mono.error(failure);
                        })))
                .flatMap(settled -> {
                    if (settled) {
                        return Mono.empty();
                    }
                    return attempts > 0 ? put(held, attempts - 1) : Mono.error(new Over());
                });
    }

    /** Whether the keys were put with the lease that still stands. */
    private synchronized boolean settle(Held held, long with) {
        if (over) {
            throw new Over();
        }
        if (id == with) {
            holds.replace(held, State.COMING, State.THERE);
        }
        return id == with;
    }

    /** The lease that stands, or a new one. A cancel leaves the request to others who wait for it. */
    private synchronized Mono<Long> id() {
        if (over) {
            return Mono.error(new Over());
        }
        if (id != 0) {
            return Mono.just(id);
        }
        Mono<Long> asked = granting;
        if (asked == null) {
            asked = Mono.defer(() -> {
                        Moment sent = Moment.now();
                        return client.grant(seconds).map(answer -> granted(answer, sent));
                    })
                    .doOnError(failure -> noLongerGranting())
                    .cache();
            granting = asked;
        }
        return asked;
    }

    private synchronized void noLongerGranting() {
        granting = null;
    }

    private long granted(LeaseGrantResponse answer, Moment sent) {
        List<Held> lost = List.of();
        synchronized (this) {
            granting = null;
            if (!over && renewed != null && renewed.ago() >= life) {
                lost = end();
            }
            if (!over) {
                id = answer.getID();
                life = TimeUnit.SECONDS.toNanos(answer.getTTL());
                renewed = sent;
                if (!renewing) {
                    arm(holds.containsValue(State.THERE) ? 0 : third());
                }
                return id;
            }
        }
        client.revoke(answer.getID()).subscribe(done -> {}, failure -> {});
        lost.forEach(Held::lost);
        throw new Over();
    }

    /** etcd knows no such lease: it has lost it, or we came too late. */
    private void gone(long known) {
        List<Held> lost = List.of();
        synchronized (this) {
            if (over || id != known) {
                return;
            }
            id = 0;
            if (renewed == null || renewed.ago() >= life) {
                lost = end();
            } else {
                LOG.info("etcd has lost lease {}, which was renewed in time: asking for another one", known);
            }
        }
        lost.forEach(Held::lost);
    }

    private long third() {
        Moment last = renewed;
        long due = life / 3 - ThreadLocalRandom.current().nextLong(life / 30 + 1);
        return last == null ? due : Math.max(0, due - last.ago());
    }

    private void arm(long nanos) {
        if (!over && !suspended) {
            timer.update(Schedulers.parallel().schedule(this::renew, nanos, TimeUnit.NANOSECONDS));
        }
    }

    private void renew() {
        long known;
        synchronized (this) {
            if (over || renewing || suspended) {
                return;
            }
            renewing = true;
            known = id;
        }
        Moment sent = Moment.now();
        Mono<Long> standing = known == 0
                ? Mono.defer(this::id)
                : client.renew(known, within()).flatMap(answer -> renewed(known, answer, sent));
        standing.flatMap(with -> holdings.check(with, within())).subscribe(done -> {}, this::failed, this::done);
    }

    private Mono<Long> renewed(long known, LeaseKeepAliveResponse answer, Moment sent) {
        if (answer.getTTL() <= 0) {
            gone(known);
            return id();
        }
        synchronized (this) {
            if (id == known) {
                renewed = sent;
            }
        }
        return Mono.just(known);
    }

    /** A renewal that takes longer would be late. */
    private synchronized Duration within() {
        Duration third = Duration.ofNanos(life / 3);
        return third.compareTo(client.timeout()) < 0 ? third : client.timeout();
    }

    private synchronized void done() {
        renewing = false;
        troubled = false;
        backoff.reset();
        arm(third());
    }

    private void failed(Throwable failure) {
        boolean first;
        synchronized (this) {
            renewing = false;
            first = !troubled && !over;
            troubled = true;
            arm(backoff.next());
        }
        if (first) {
            LOG.warn("what is held is not renewed until etcd answers: {}", failure.getMessage());
        }
    }

    /** Those whose keys must be there. */
    synchronized List<Held> there() {
        return among(State.THERE);
    }

    /** Those whose keys may be there. */
    synchronized List<Held> all() {
        return new ArrayList<>(holds.keySet());
    }

    private List<Held> among(State state) {
        List<Held> found = new ArrayList<>();
        holds.forEach((held, its) -> {
            if (its == state) {
                found.add(held);
            }
        });
        return found;
    }

    /** Somebody else has taken a key of it. */
    Mono<Void> lost(Held held) {
        return Mono.defer(() -> {
            synchronized (this) {
                if (holds.get(held) != State.THERE) {
                    return Mono.empty();
                }
            }
            // Who is told may register again at once: what it had must be out of its way, and not be taken from under
            // it.
            return depart(held, true).doOnTerminate(held::lost);
        });
    }

    /**
     * Takes away the keys of a hold, and the lease when it was the last one. What etcd does not hear of now goes with the next renewal, or with the
     * lease.
     *
     * @param put whether its keys may be there
     */
    Mono<Void> depart(Held held, boolean put) {
        return Mono.defer(() -> {
            long with;
            boolean last;
            synchronized (this) {
                State before = holds.get(held);
                if (before == null || before == State.LEAVING) {
                    return Mono.<Void>empty();
                }
                holds.put(held, State.LEAVING);
                with = id;
                last = !over && !holds.containsValue(State.COMING) && !holds.containsValue(State.THERE);
                if (last) {
                    finish();
                }
            }
            Mono<Void> away = with == 0 || (!last && !put)
                    ? Mono.empty()
                    : last ? client.revoke(with) : holdings.release(held.claim(), with);
            // Before anybody hears that it is over.
            return away.doOnTerminate(() -> forget(held)).doOnCancel(() -> forget(held));
        });
    }

    private void forget(Held held) {
        synchronized (this) {
            holds.remove(held);
        }
        reserved.free(held);
    }

    /** Ends all that is there, and returns it. What is coming finds out by itself. */
    private List<Held> end() {
        List<Held> ended = among(State.THERE);
        ended.forEach(held -> {
            holds.remove(held);
            reserved.free(held);
        });
        finish();
        return ended;
    }

    private void finish() {
        over = true;
        timer.dispose();
        whenOver.accept(this);
    }

    /** Ends all holds, and revokes the lease. */
    Mono<Void> close() {
        return Mono.defer(() -> {
            long with;
            List<Held> ended;
            synchronized (this) {
                with = over ? 0 : id;
                ended = end();
            }
            ended.forEach(Held::closed);
            return with == 0 ? Mono.empty() : client.revoke(with);
        });
    }

    /** Renews no more, without a word, as a process that dies or sleeps: for tests. */
    synchronized void suspend() {
        suspended = true;
        timer.update(Disposables.disposed());
    }

    /** Goes on, as a process that wakes up: for tests. */
    synchronized void resume() {
        suspended = false;
        arm(0);
    }

    /** The lease in etcd: for tests. */
    synchronized long current() {
        return id;
    }
}
