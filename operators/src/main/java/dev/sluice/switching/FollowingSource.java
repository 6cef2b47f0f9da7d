package dev.sluice.switching;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * An upstream that changes, and those who follow it.
 *
 * <p>Followers look at {@link #course} when they are told to; the course is changed first and told then, and a follower is
 * entered first and looks then, so none misses a change.
 */
final class FollowingSource<T> implements SwitchableSource<T> {
    private final String name;
    final UpstreamEnd end;
    private final AtomicReference<Course<T>> course;
    private final ConcurrentHashMap<Follower<T>, Boolean> followers = new ConcurrentHashMap<>();

    /**
     * Where elements come from.
     *
     * @param number counts the changes
     */
    record Course<T>(Publisher<? extends T> upstream, boolean held, long number) {}

    FollowingSource(String name, Publisher<? extends T> upstream, UpstreamEnd end) {
        this.name = name;
        this.end = end;
        this.course = new AtomicReference<>(new Course<>(upstream, false, 1));
    }

    Course<T> course() {
        return Objects.requireNonNull(course.get());
    }

    void leave(Follower<T> follower) {
        followers.remove(follower);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Flux<T> asFlux() {
        return new Output();
    }

    @Override
    public Publisher<? extends T> upstream() {
        return course().upstream();
    }

    @Override
    public boolean isHeld() {
        return course().held();
    }

    @Override
    public int subscribers() {
        return followers.size();
    }

    @Override
    public Mono<Publisher<? extends T>> switchTo(Publisher<? extends T> upstream) {
        Objects.requireNonNull(upstream, "upstream");
        return Mono.defer(() -> {
            AtomicReference<Publisher<? extends T>> previous = new AtomicReference<>();
            return change(now -> {
                        previous.set(now.upstream());
                        return new Course<>(upstream, now.held(), now.number() + 1);
                    })
                    .then(Mono.fromSupplier(previous::get));
        });
    }

    @Override
    public Mono<Void> hold() {
        return Mono.defer(() -> change(now -> now.held() ? now : new Course<>(now.upstream(), true, now.number() + 1)));
    }

    @Override
    public Mono<Void> resume() {
        return Mono.defer(() ->
                change(now -> now.held() ? new Course<>(now.upstream(), false, now.number() + 1) : now));
    }

    /** Changes the course, and completes when everybody has left the one before. */
    private Mono<Void> change(UnaryOperator<Course<T>> edit) {
        Course<T> now = course.updateAndGet(edit);
        List<Follower<T>> all = new ArrayList<>(followers.keySet());
        AtomicInteger left = new AtomicInteger(all.size() + 1);
        Sinks.Empty<Void> done = Sinks.empty();
        Runnable arrived = () -> {
            if (left.decrementAndGet() == 0) {
                done.tryEmitEmpty();
            }
        };
        all.forEach(follower -> follower.change(now.number(), arrived));
        arrived.run();
        return done.asMono();
    }

    @Override
    public @Nullable Object scanUnsafe(@SuppressWarnings("rawtypes") Attr key) {
        return key == Attr.NAME ? name : null;
    }

    @Override
    public String toString() {
        Course<T> now = course();
        return "SwitchableSource[" + Destination.nameOf(now.upstream()) + " -> " + name
                + (now.held() ? ", held]" : "]");
    }

    private final class Output extends Flux<T> implements Scannable {
        @Override
        public void subscribe(CoreSubscriber<? super T> actual) {
            Follower<T> follower = new Follower<>(FollowingSource.this, actual);
            followers.put(follower, Boolean.TRUE);
            try {
                actual.onSubscribe(follower);
            } catch (Throwable thrown) {
                follower.cancel();
                throw thrown;
            } finally {
                follower.start();
            }
        }

        @Override
        public @Nullable Object scanUnsafe(@SuppressWarnings("rawtypes") Attr key) {
            return key == Attr.NAME ? name : null;
        }

        @Override
        public String stepName() {
            return "source(" + name + ")";
        }
    }
}
