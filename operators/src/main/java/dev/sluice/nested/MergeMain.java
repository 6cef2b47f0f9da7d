package dev.sluice.nested;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.Scannable;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * The middle of a merge: subscriber of the sources' announcements, subscription of the one below.
 *
 * <p>Signals come from any thread: announcements from one, each source's from one of its own, request and cancel from
 * any. All of them only write a word, post the source they concern and enter the {@link Drain}.
 *
 * <p>Invariants:
 *
 * <ol>
 *   <li>{@code actual} is signalled by the holder of the drain alone, so its signals are serial and happen one after
 *       the other.
 *   <li>Turns, the number of open sources and every field under «owned by the drain» are the holder's alone. A source
 *       is known to it from the first look, which comes no later than the source's first signal.
 *   <li>Announcements asked for and not yet ended as sources are never more than the concurrency. So no announced
 *       source ever waits in a queue: the one that would is still with its producer.
 *   <li>A source has a turn only when it has an element, and an element leaves its queue only against demand.
 *   <li>Once stopped, everything found in the mailbox is cancelled and emptied into the discard hook; so an element
 *       that arrives late is either seen then or by the entry its producer makes after it.
 * </ol>
 *
 * <p>An element may pass without its queue when nobody else is ready: that is the same turn, taken sooner.
 *
 * @param <S> the sources
 * @param <T> what they carry
 */
final class MergeMain<S, T> extends Drain implements CoreSubscriber<S>, Subscription, Scannable {

    @SuppressWarnings("rawtypes")
    private static final AtomicLongFieldUpdater<MergeMain> REQUESTED =
            AtomicLongFieldUpdater.newUpdater(MergeMain.class, "requested");

    @SuppressWarnings("rawtypes")
    private static final AtomicReferenceFieldUpdater<MergeMain, @Nullable Throwable> ERROR =
            AtomicReferenceFieldUpdater.newUpdater(MergeMain.class, Throwable.class, "error");

    /** How many sources may wait for one another to be announced. */
    private static final long MOST_TOGETHER = 256;

    private final CoreSubscriber<? super T> actual;
    private final Function<? super S, ? extends Publisher<? extends T>> open;
    private final @Nullable ToIntFunction<? super S> priority;
    private final Turns<T> turns;
    private final MergeOptions options;
    private final Mailbox<MergeSource<T>> mailbox = new Mailbox<>();
    private final Consumer<MergeSource<T>> lookAt = this::lookAt;

    @SuppressWarnings("NullAway.Init") // set by onSubscribe, before which nobody has this
    private Subscription s;

    /** Demand from below not yet met; Long.MAX_VALUE = without bound. Raised by request, lowered by the drain. */
    private volatile long requested;

    /** null → the thread that asks for the first announcements → null. */
    private volatile @Nullable Thread announcing;

    /** false → true by cancel. */
    private volatile boolean cancelled;

    /** false → true by the end of the announcements, good or bad. */
    private volatile boolean outerDone;

    /** false → true when an error shall not wait for what is still coming. */
    private volatile boolean abort;

    /** null → a failure → several in one → terminated, by the drain when it signals or gives up. */
    private volatile @Nullable Throwable error;

    /** false → true by the drain: completed, failed, or cancelled and cleared. */
    private volatile boolean stopped;

    // Owned by the drain.
    private int openSources;

    MergeMain(
            CoreSubscriber<? super T> actual,
            Function<? super S, ? extends Publisher<? extends T>> open,
            @Nullable ToIntFunction<? super S> priority,
            Turns<T> turns,
            MergeOptions options) {
        this.actual = actual;
        this.open = open;
        this.priority = priority;
        this.turns = turns;
        this.options = options;
    }

    @Override
    public Context currentContext() {
        return actual.currentContext();
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        if (Operators.validate(s, subscription)) {
            s = subscription;
            actual.onSubscribe(this);
            askForTheFirst(subscription);
        }
    }

    /**
     * Sources that are announced at once, within the request for them, all get their place before this thread gives
     * turns. Otherwise the first of them would pass all it has before the second is known, whatever the demand. Other
     * threads are not held back.
     */
    private void askForTheFirst(Subscription subscription) {
        long all = bounded() ? options.concurrency() : Long.MAX_VALUE;
        long together = Math.min(all, MOST_TOGETHER);
        announcing = Thread.currentThread();
        try {
            subscription.request(together);
        } finally {
            announcing = null;
            drain();
        }
        if (all > together && !outerDone) {
            subscription.request(all == Long.MAX_VALUE ? all : all - together);
        }
    }

    private boolean isAnnouncing() {
        return announcing == Thread.currentThread();
    }

    private void enter() {
        if (!isAnnouncing()) {
            drain();
        }
    }

    @Override
    public void onNext(S announced) {
        Objects.requireNonNull(announced, "onNext of null, see rule 2.13");
        if (outerDone) {
            Operators.onNextDropped(announced, currentContext());
            LeftOut.tell(announced, currentContext());
            return;
        }
        if (cancelled || abort) {
            LeftOut.tell(announced, currentContext());
            return;
        }
        Publisher<? extends T> publisher;
        int rank;
        try {
            rank = priority == null ? 0 : priority.applyAsInt(announced);
            publisher = Objects.requireNonNull(open.apply(announced), "A source's publisher is null");
        } catch (Throwable thrown) {
            LeftOut.tell(announced, currentContext());
            onError(Operators.onOperatorError(s, thrown, announced, currentContext()));
            return;
        }
        MergeSource<T> source = new MergeSource<>(this, options.prefetch(), rank);
        // Known to the drain before its first signal, and before the end of the announcements can be.
        look(source);
        Operators.<T>toFluxOrMono(Publishers.covariant(publisher)).subscribe(source);
    }

    @Override
    public void onError(Throwable failure) {
        Objects.requireNonNull(failure, "onError of null, see rule 2.13");
        if (outerDone || !Exceptions.addThrowable(ERROR, this, failure)) {
            Operators.onErrorDropped(failure, currentContext());
            return;
        }
        if (!options.delayError()) {
            abort = true;
        }
        outerDone = true;
        enter();
    }

    @Override
    public void onComplete() {
        outerDone = true;
        enter();
    }

    @Override
    public void request(long n) {
        if (n > 0) {
            Operators.addCap(REQUESTED, this, n);
        } else if (Exceptions.addThrowable(ERROR, this, Exceptions.nullOrNegativeRequestException(n))) {
            abort = true;
        }
        enter();
    }

    @Override
    public void cancel() {
        if (!cancelled) {
            cancelled = true;
            s.cancel();
            enter();
        }
    }

    /** The source has something to say: that it is there, that it has an element, that it ended. */
    void look(MergeSource<T> source) {
        mailbox.post(source);
        enter();
    }

    /** A source failed. Comes before its end is visible, or the merge could complete in between. */
    void note(Throwable failure) {
        if (!Exceptions.addThrowable(ERROR, this, failure)) {
            Operators.onErrorDropped(failure, currentContext());
        } else if (!options.delayError()) {
            abort = true;
        }
    }

    void emit(MergeSource<T> source, T element) {
        if (isAnnouncing() || !tryEnter()) {
            source.keep(element);
            look(source);
            return;
        }
        try {
            if (mayPass(source)) {
                pass(source, element);
                if (tryLeave()) {
                    return;
                }
            } else {
                source.keep(element);
                mailbox.post(source);
            }
        } catch (RuntimeException | Error thrown) {
            giveUp();
            run();
            throw thrown;
        }
        run();
    }

    private boolean mayPass(MergeSource<T> source) {
        return requested != 0L
                && !cancelled
                && !abort
                && !stopped
                && turns.isEmpty()
                && source.isEmpty()
                && mailbox.isEmpty();
    }

    private void pass(MergeSource<T> source, T element) {
        turns.passed(source);
        actual.onNext(element);
        Operators.produced(REQUESTED, this, 1);
        source.countTaken();
    }

    @Override
    void advance() {
        if (stopped) {
            mailbox.collect(MergeSource::release);
        } else {
            serve();
        }
    }

    private void serve() {
        // Read before the mailbox: every source announced before the end is then found in it.
        boolean noMoreSources = outerDone;
        long demand = requested;
        long emitted = 0;
        for (; ; ) {
            mailbox.collect(lookAt);
            if (cancelled || abort) {
                stopEarly();
                return;
            }
            MergeSource<T> source = emitted == demand ? null : turns.next();
            if (source == null) {
                break;
            }
            actual.onNext(Objects.requireNonNull(source.poll(), "A source has a turn and no element"));
            emitted++;
            source.countTaken();
            if (source.isEmpty()) {
                turns.idle(source);
                lookAt(source);
            }
        }
        if (emitted != 0) {
            Operators.produced(REQUESTED, this, emitted);
        }
        if (noMoreSources && openSources == 0) {
            finish();
        }
    }

    private void lookAt(MergeSource<T> source) {
        if (source.closed) {
            return;
        }
        if (!source.admitted) {
            source.admitted = true;
            openSources++;
            turns.admit(source);
        }
        // Read before the queue: what a source sent before its end is then found in it.
        boolean ended = source.isDone();
        if (!source.isEmpty()) {
            turns.ready(source);
        } else if (ended) {
            source.closed = true;
            openSources--;
            turns.leave(source);
            if (bounded() && !outerDone) {
                s.request(1);
            }
        }
    }

    private void finish() {
        stopped = true;
        Throwable failure = Exceptions.terminate(ERROR, this);
        if (failure == null) {
            actual.onComplete();
        } else {
            actual.onError(failure);
        }
    }

    private void stopEarly() {
        Throwable failure = cancelled ? null : Exceptions.terminate(ERROR, this);
        giveUp();
        if (failure != null) {
            actual.onError(failure);
        }
    }

    /** Lets go of everything; from here on the drain only clears what still arrives. */
    @Override
    void giveUp() {
        stopped = true;
        if (!outerDone) {
            s.cancel();
        }
        turns.clear(MergeSource::release);
        mailbox.collect(MergeSource::release);
        Throwable unheard = Exceptions.terminate(ERROR, this);
        if (unheard != null && unheard != Exceptions.TERMINATED) {
            Operators.onErrorDropped(unheard, currentContext());
        }
    }

    private boolean bounded() {
        return options.concurrency() != Integer.MAX_VALUE;
    }

    @Override
    @SuppressWarnings("rawtypes")
    public @Nullable Object scanUnsafe(Attr key) {
        if (key == Attr.PARENT) return s;
        if (key == Attr.ACTUAL) return actual;
        if (key == Attr.PREFETCH) return options.concurrency();
        if (key == Attr.DELAY_ERROR) return options.delayError();
        if (key == Attr.REQUESTED_FROM_DOWNSTREAM) return requested;
        if (key == Attr.ERROR) return error;
        if (key == Attr.CANCELLED) return cancelled;
        if (key == Attr.TERMINATED) return stopped && !cancelled;
        if (key == Attr.RUN_STYLE) return Attr.RunStyle.SYNC;
        return null;
    }
}
