package dev.sluice.rsocket.balance;

import dev.sluice.ConnectionLostException;
import dev.sluice.DirectoryUnavailableException;
import dev.sluice.Frame;
import dev.sluice.directory.Directory;
import dev.sluice.rsocket.Call;
import dev.sluice.rsocket.RemoteSource;
import dev.sluice.rsocket.session.Failures;
import dev.sluice.rsocket.wire.Code;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.util.retry.Retry;

/**
 * Calls a service by its name, on whichever of its instances is right.
 *
 * <p>A call with the tag {@value #BUCKET} goes to the instance that has the bucket: the same for all clients that know the same instances, and
 * when one joins or leaves, only its share of the buckets moves. Other calls are balanced: of two instances taken at random, the one with fewer
 * calls of this client for its weight.
 *
 * <p>An instance has one connection, made at its first call and closed when the instance has left the directory and its calls have ended; sources they
 * brought may finish within the {@linkplain dev.sluice.rsocket.SessionOptions#closeTimeout() close timeout}. One that cannot be reached or takes no more
 * calls is passed over for a while, and another is tried. What runs goes on while the directory is away. Thread safe.
 *
 * <p>RSocket's own {@code io.rsocket.loadbalance} is not used: it balances requests over connections by their latencies, and a session is one
 * request that never ends, so it would see one request for each instance, choose once, and never again.
 */
public final class BalancedClient {

    /** The tag that says which bucket a call belongs to. */
    public static final String BUCKET = "bucket";

    private static final Logger LOG = LoggerFactory.getLogger(BalancedClient.class);

    private final Directory directory;
    private final String service;
    private final BalanceOptions options;
    private final Members members;
    private final Scheduler clock = Schedulers.parallel();
    private final AtomicBoolean watching = new AtomicBoolean();
    private final Disposable.Swap watch = Disposables.swap();
    private volatile @Nullable Throwable directoryFailure;
    private volatile boolean closed;

    private BalancedClient(Directory directory, String service, BalanceOptions options) {
        this.directory = directory;
        this.service = service;
        this.options = options;
        this.members = new Members(options);
    }

    /**
     * A client that looks into the directory when it is first used.
     *
     * @param directory stays the caller's to close
     * @param service its name, in the directory and at its instances
     */
    public static BalancedClient create(Directory directory, String service, BalanceOptions options) {
        return new BalancedClient(
                Objects.requireNonNull(directory, "directory"),
                Objects.requireNonNull(service, "service"),
                Objects.requireNonNull(options, "options"));
    }

    /** A call of this client's service with a body and tags, see {@link #call(Call)}. */
    public Flux<RemoteSource> post(Frame body, Map<String, String> tags) {
        return call(Call.to(service).body(body).tags(tags));
    }

    /** A call of this client's service with a body, see {@link #call(Call)}. */
    public Flux<RemoteSource> post(Frame body) {
        return post(body, Map.of());
    }

    /**
     * Calls an instance, see {@link dev.sluice.rsocket.Peer#call(Call)}. Lazy: the instance is chosen at subscription, and for each one. As long as
     * an instance has not been sent the call, or has said that it takes none, another is tried, until the {@linkplain
     * BalanceOptions#instanceTimeout() timeout}. A call whose connection is lost fails: what it did is not known.
     *
     * <p>Without an instance that can be reached it fails with {@link ConnectionLostException}, or {@link DirectoryUnavailableException} when
     * the directory never said which there are.
     *
     * @param call what is asked of the service it names, usually this client's
     */
    public Flux<RemoteSource> call(Call call) {
        return Flux.defer(() -> {
            beginToWatch();
            long deadline = now() + options.instanceTimeout().toNanos();
            Attempts attempts = new Attempts(call, deadline);
            return Flux.defer(attempts::next)
                    .retryWhen(Retry.indefinitely().filter(failure -> failure instanceof NotTaken))
                    .doFinally(end -> attempts.seat.giveUp());
        });
    }

    /**
     * Closes the connections to all instances, lazily: calls that run may finish within the close timeout. The directory stays open.
     *
     * @return completes when all are closed
     */
    public Mono<Void> close() {
        return Mono.defer(() -> {
            closed = true;
            watch.dispose();
            return members.close();
        });
    }

    private void beginToWatch() {
        if (closed) {
            throw new IllegalStateException("the client is closed");
        }
        if (watching.compareAndSet(false, true)) {
            watch.update(directory
                    .watch(service)
                    .doOnError(failure -> directoryFailure = failure)
                    .retryWhen(Retry.backoff(Long.MAX_VALUE, Duration.ofMillis(100))
                            .maxBackoff(Duration.ofSeconds(5))
                            .transientErrors(true)
                            .doBeforeRetry(retry -> LOG.info(
                                    "Going on with the instances of \"{}\" there were: {}",
                                    service,
                                    retry.failure().getMessage())))
                    .subscribe(instances -> {
                        directoryFailure = null;
                        members.update(instances);
                    }));
        }
    }

    private long now() {
        return clock.now(TimeUnit.NANOSECONDS);
    }

    /** One call, and how often it has been tried. Each attempt begins when the one before is over. */
    private final class Attempts {
        private final Call call;
        private final @Nullable String bucket;
        private final long deadline;
        private final Seat seat = new Seat();
        private @Nullable Throwable last;

        Attempts(Call call, long deadline) {
            this.call = call;
            this.bucket = call.tags().get(BUCKET);
            this.deadline = deadline;
        }

        Flux<RemoteSource> next() {
            return Mono.defer(this::choose).repeatWhenEmpty(rounds -> rounds).flatMapMany(this::callOn);
        }

        /** A member with a seat taken; empty, after a while, when it is worth another look. */
        private Mono<Member> choose() {
            if (closed) {
                return Mono.error(new IllegalStateException("the client is closed"));
            }
            long now = now();
            if (now >= deadline) {
                return Mono.error(nobody());
            }
            Mono<Void> change = members.nextChange();
            Member chosen = members.choose(bucket, now);
            if (chosen != null) {
                return seat.take(chosen) ? Mono.just(chosen) : Mono.empty();
            }
            long wait = Math.min(deadline - now, members.untilNext(now));
            return Mono.firstWithSignal(
                            change, Mono.delay(Duration.ofNanos(wait), clock).then())
                    .then(Mono.<Member>empty());
        }

        private Flux<RemoteSource> callOn(Member member) {
            boolean[] received = new boolean[1];
            return member.client()
                    .connect()
                    .timeout(
                            Duration.ofNanos(Math.max(1, deadline - now())),
                            Mono.error(() -> new ConnectionLostException(
                                    member.instance() + " was not connected in time", null)))
                    .onErrorMap(ConnectionLostException.class, failure -> notTaken(member, failure))
                    .doOnNext(peer -> member.succeeded())
                    .flatMapMany(peer -> peer.call(call)
                            .doOnNext(source -> received[0] = true)
                            .onErrorMap(
                                    failure -> !received[0] && takesNone(failure),
                                    failure -> notTaken(member, failure)));
        }

        private NotTaken notTaken(Member member, Throwable failure) {
            last = failure;
            seat.leave();
            member.failed(now(), failure);
            return new NotTaken();
        }

        private RuntimeException nobody() {
            Throwable failure = directoryFailure;
            if (members.isEmpty() && failure != null) {
                return new DirectoryUnavailableException(
                        "the directory did not say within " + options.instanceTimeout()
                                + " which instances service \"" + service + "\" has: "
                                + failure.getMessage(),
                        failure);
            }
            Throwable cause = last;
            return new ConnectionLostException(
                    "no instance of service \"" + service + "\" took the call within " + options.instanceTimeout()
                            + ": "
                            + (cause == null
                                    ? members.isEmpty()
                                            ? "the directory has none; check that one is registered under this name"
                                            : "all are passed over, since they could not be reached lately"
                                    : cause.getMessage()),
                    cause);
        }
    }

    /** A connection that was lost is no such thing: the call may have been served. */
    private static boolean takesNone(Throwable failure) {
        return !(failure instanceof ConnectionLostException) && Failures.code(failure) == Code.UNAVAILABLE;
    }

    /** The call was not taken, so that another instance may be tried. */
    private static final class NotTaken extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NotTaken() {
            super("the call was not taken", null, false, false);
        }
    }
}
