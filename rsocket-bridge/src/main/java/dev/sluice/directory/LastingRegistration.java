package dev.sluice.directory;

import java.time.Duration;
import java.util.Objects;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.util.retry.Retry;

/**
 * A registration that is made again whenever it is lost, and tried until it is there, until it is withdrawn. Between attempts that fail in a row
 * it waits 100 ms, twice as long each time up to 5 s, give or take a half: those who lost the same directory do not all come back at once.
 *
 * <p>Under the lock of this: {@code withdrawn}, and {@code current}, which is null from then on. So a registration that comes while somebody
 * withdraws is seen by exactly one of them, who takes it out. Thread safe.
 *
 * @param <R> what stands in the directory
 */
public final class LastingRegistration<R extends Renewed> {

    private static final Logger LOG = LoggerFactory.getLogger(LastingRegistration.class);
    private static final Duration FIRST_WAIT = Duration.ofMillis(100);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);
    private static final double JITTER = 0.5;

    private final String what;
    private final IntFunction<Mono<R>> attempt;
    private final Predicate<Throwable> hopeless;
    private final Disposable.Swap loop = Disposables.swap();
    private final Sinks.One<R> first = Sinks.one();
    private final Sinks.Empty<Void> end = Sinks.empty();
    private final Mono<Void> withdrawal = Mono.defer(this::takeOut).cache();
    private int attempts;
    private @Nullable R current;
    private boolean withdrawn;

    private LastingRegistration(String what, IntFunction<Mono<R>> attempt, Predicate<Throwable> hopeless) {
        this.what = Objects.requireNonNull(what, "what");
        this.attempt = Objects.requireNonNull(attempt, "attempt");
        this.hopeless = Objects.requireNonNull(hopeless, "hopeless");
    }

    /** As the other, on the parallel scheduler, given up where no attempt can succeed: in a directory that takes no registrations, or with values out of bounds. */
    public static <R extends Renewed> LastingRegistration<R> keep(String what, IntFunction<Mono<R>> attempt) {
        return keep(
                what,
                attempt,
                failure ->
                        failure instanceof UnsupportedOperationException || failure instanceof IllegalArgumentException,
                Schedulers.parallel());
    }

    /**
     * Registers, at once, and goes on until the registration is withdrawn or its directory is closed.
     *
     * @param what is registered where, for the log
     * @param attempt registers, under another id each time: whoever lost an id is taken for dead. Given how many attempts were before this one;
     *     not called again before the last one has failed, or what it brought was lost
     * @param hopeless after which failures of an attempt no other is made: {@link #onEnd()} fails with it. A closed directory needs no mention
     * @param clock where it waits between attempts
     */
    public static <R extends Renewed> LastingRegistration<R> keep(
            String what, IntFunction<Mono<R>> attempt, Predicate<Throwable> hopeless, Scheduler clock) {
        LastingRegistration<R> made = new LastingRegistration<>(what, attempt, hopeless);
        made.begin(clock);
        return made;
    }

    private void begin(Scheduler clock) {
        loop.update(Flux.defer(this::once)
                .retryWhen(Retry.backoff(Long.MAX_VALUE, FIRST_WAIT)
                        .maxBackoff(LONGEST_WAIT)
                        .jitter(JITTER)
                        .scheduler(clock)
                        // A registration that stood ends the row of failures.
                        .transientErrors(true)
                        .filter(failure -> !(failure instanceof DirectoryClosedException || hopeless.test(failure)))
                        .doBeforeRetry(retry -> failed(retry.totalRetriesInARow(), retry.failure())))
                .subscribe(registration -> {}, this::giveUp, this::ended));
    }

    private Flux<R> once() {
        // Seen before any operator that may drop it, as it comes too late for a cancel.
        return attempt.apply(attempts++)
                .doOnNext(this::stands)
                .flatMapMany(registration -> Flux.concat(
                        Mono.just(registration), registration.onEnd().then(Mono.empty())));
    }

    private void stands(R registration) {
        boolean late;
        synchronized (this) {
            late = withdrawn;
            current = late ? null : registration;
        }
        if (late) {
            registration
                    .withdraw()
                    .subscribe(nothing -> {}, failure -> LOG.debug("Withdrawing {} that came late", what, failure));
            return;
        }
        first.tryEmitValue(registration);
        LOG.debug("Registered {}", what);
    }

    private void failed(long inARow, Throwable failure) {
        boolean stood;
        synchronized (this) {
            stood = current != null;
            current = null;
        }
        if (stood) {
            LOG.warn("The registration of {} was lost, it registers again: {}", what, failure.getMessage());
        } else if (inARow == 0) {
            LOG.warn("Cannot register {}, it is tried until it succeeds: {}", what, failure.getMessage());
        } else {
            LOG.debug("Still cannot register {}: {}", what, failure.getMessage());
        }
    }

    private void giveUp(Throwable failure) {
        forget();
        LOG.info("Gave up to register {}: {}", what, failure.getMessage());
        first.tryEmitError(failure);
        if (failure instanceof DirectoryClosedException) {
            // As if it had stood: its directory takes out what it has.
            end.tryEmitEmpty();
        } else {
            end.tryEmitError(failure);
        }
    }

    private void ended() {
        forget();
        first.tryEmitError(new IllegalStateException(what + " was withdrawn before it was registered"));
        end.tryEmitEmpty();
    }

    private synchronized @Nullable R forget() {
        R last = current;
        current = null;
        withdrawn = true;
        return last;
    }

    private Mono<Void> takeOut() {
        R last = forget();
        loop.dispose();
        return (last == null ? Mono.<Void>empty() : last.withdraw()).doOnTerminate(this::ended);
    }

    /** What stands in the directory now; null while it is lost or not there yet, and after it was withdrawn. */
    public synchronized @Nullable R current() {
        return current;
    }

    /** Whether it was withdrawn, or given up. */
    public synchronized boolean isOver() {
        return withdrawn;
    }

    /** The first registration, as soon as it is there; fails as {@link #onEnd()} does, and when it was withdrawn before. */
    public Mono<R> first() {
        return first.asMono();
    }

    /**
     * Takes it out of the directory for good, for the first subscriber; further ones see the same end. Lazy. A cancel does not call it off.
     *
     * @return completes when what stood is out. An attempt that was under way is cancelled and not waited for: what it may have put goes soon after,
     *     or with its time to live
     */
    public Mono<Void> withdraw() {
        return withdrawal;
    }

    /** Completes when it was withdrawn, or its directory was closed; fails when it was given up. */
    public Mono<Void> onEnd() {
        return end.asMono();
    }
}
