package dev.sluice.etcd;

import com.google.protobuf.ByteString;
import dev.sluice.directory.Keyspace.Value;
import dev.sluice.directory.LatestWatcher;
import dev.sluice.etcd.Reading.Read;
import io.etcd.jetcd.api.WatchCreateRequest;
import io.etcd.jetcd.api.WatchResponse;
import java.util.List;
import java.util.NavigableMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * What stands below a prefix, for all who watch it: read once, and then kept up with by a watch. When the watch ends, for whatever reason, it is read
 * again; those who watch keep what they knew meanwhile.
 *
 * <p>All state is under the lock of this; watchers are told without it, and read the latest state themselves. {@code run} is what goes on, a
 * reading and the watch from there or a pause: what an earlier one still brings is not heard.
 */
final class Topic {

    private static final Logger LOG = LoggerFactory.getLogger(Topic.class);

    private final String prefix;
    private final EtcdClient client;
    private final Keys keys;
    private final Era era;
    private final Reading reading;
    private final List<LatestWatcher<NavigableMap<String, Value>>> watchers = new CopyOnWriteArrayList<>();
    private final Backoff backoff = new Backoff(TimeUnit.MILLISECONDS.toNanos(100), TimeUnit.SECONDS.toNanos(5));
    private final Mirror mirror;
    private boolean troubled;
    private boolean ended;
    private Disposable.Composite run = Disposables.composite();

    Topic(String prefix, EtcdClient client, Keys keys, Era era) {
        this.prefix = prefix;
        this.client = client;
        this.keys = keys;
        this.era = era;
        this.reading = new Reading(client, keys);
        this.mirror = new Mirror(keys);
    }

    LatestWatcher<NavigableMap<String, Value>> join(
            CoreSubscriber<? super NavigableMap<String, Value>> actual,
            Consumer<LatestWatcher<NavigableMap<String, Value>>> whenCancelled) {
        LatestWatcher<NavigableMap<String, Value>> watcher = new LatestWatcher<>(this::latest, actual, whenCancelled);
        watchers.add(watcher);
        return watcher;
    }

    /** Whether nobody watches any more. */
    boolean leave(LatestWatcher<NavigableMap<String, Value>> watcher) {
        watchers.remove(watcher);
        return watchers.isEmpty();
    }

    private synchronized @Nullable NavigableMap<String, Value> latest() {
        return mirror.latest();
    }

    /** Reads, and watches from there on. */
    void begin() {
        Disposable.Composite mine = Disposables.composite();
        Disposable before;
        synchronized (this) {
            if (ended) {
                return;
            }
            before = run;
            run = mine;
        }
        before.dispose();
        mine.add(reading.all(prefix).subscribe(read -> begun(mine, read), failure -> failed(mine, failure)));
    }

    private void begun(Disposable.Composite mine, Read read) {
        synchronized (this) {
            if (mine != run || ended) {
                return;
            }
            mirror.take(read);
            troubled = false;
        }
        watchers.forEach(LatestWatcher::drain);
        ByteString begin = keys.of(prefix);
        long from = read.revision() + 1;
        WatchCreateRequest create = WatchCreateRequest.newBuilder()
                .setKey(begin)
                .setRangeEnd(Keys.end(begin))
                .setStartRevision(from)
                .build();
        mine.add(client.watch(create)
                .subscribe(
                        news -> told(mine, from, news),
                        failure -> failed(mine, failure),
                        () -> failed(mine, new IllegalStateException("the watch was ended"))));
    }

    private void told(Disposable.Composite mine, long from, WatchResponse news) {
        era.told(news.getHeader());
        if (news.getCanceled() || (news.getCreated() && news.getHeader().getRevision() < from - 1)) {
            // Compacted, forbidden, or of an etcd that has not come as far as what was read.
            client.forgetToken();
            failed(mine, new IllegalStateException("the watch was refused: " + news.getCancelReason()));
            return;
        }
        boolean changed;
        synchronized (this) {
            if (mine != run || ended) {
                return;
            }
            changed = mirror.apply(news);
        }
        backoff.reset();
        if (changed) {
            watchers.forEach(LatestWatcher::drain);
        }
    }

    private void failed(Disposable.Composite mine, Throwable failure) {
        Disposable.Composite pause = Disposables.composite();
        boolean first;
        synchronized (this) {
            if (mine != run || ended) {
                return;
            }
            run = pause;
            first = !troubled;
            troubled = true;
        }
        mine.dispose();
        pause.add(Schedulers.parallel().schedule(this::begin, backoff.next(), TimeUnit.NANOSECONDS));
        if (first) {
            LOG.info("{} is not watched until etcd answers: {}", prefix, failure.getMessage());
        }
    }

    /** Reads, and watches anew when the watch has missed something. Does not fail. */
    Mono<Void> compare() {
        return Mono.defer(() -> {
            Disposable.Composite mine;
            synchronized (this) {
                mine = run;
            }
            return reading.all(prefix)
                    .doOnNext(read -> compared(mine, read))
                    .then()
                    .onErrorComplete();
        });
    }

    private void compared(Disposable.Composite mine, Read read) {
        boolean missed;
        synchronized (this) {
            missed = mine == run && !ended && mirror.missed(read);
        }
        if (missed) {
            watchers.forEach(LatestWatcher::drain);
            begin();
        }
    }

    void fail(Throwable why) {
        end();
        watchers.forEach(watcher -> watcher.fail(why));
    }

    void end() {
        Disposable last;
        synchronized (this) {
            ended = true;
            last = run;
        }
        last.dispose();
    }
}
