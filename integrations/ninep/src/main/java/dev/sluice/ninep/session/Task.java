package dev.sluice.ninep.session;

import dev.sluice.SluiceException;
import dev.sluice.ninep.tree.Failures;
import dev.sluice.ninep.wire.Errno;
import dev.sluice.ninep.wire.Refusal;
import io.netty.buffer.ByteBuf;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;

/**
 * A request that is answered when a {@code Mono} has emitted. What it emits may come on any thread; what it means for the connection is done on the
 * event loop, and not at all when the request was flushed meanwhile.
 *
 * @param <T> what is emitted
 */
final class Task<T> extends Pending implements CoreSubscriber<T> {

    private static final Logger LOG = LoggerFactory.getLogger(Task.class);

    private final Function<T, ByteBuf> answer;
    private final Runnable whenNot;
    private @Nullable Subscription subscription;

    /**
     * A task.
     *
     * @param answer makes the answer, on the event loop; may refuse by throwing
     * @param whenNot run on the event loop when the answer is not made
     */
    Task(Session session, int tag, Function<T, ByteBuf> answer, Runnable whenNot) {
        super(session, tag);
        this.answer = answer;
        this.whenNot = whenNot;
    }

    void begin(Mono<T> work) {
        work.subscribe(this);
    }

    @Override
    public void onSubscribe(Subscription s) {
        subscription = s;
        s.request(1);
    }

    @Override
    public void onNext(T value) {
        session.execute(() -> done(value));
    }

    private void done(T value) {
        if (isOver()) {
            return;
        }
        try {
            answer(answer.apply(value));
        } catch (Refusal refusal) {
            failed(refusal);
        }
    }

    @Override
    public void onError(Throwable failure) {
        session.execute(() -> {
            if (!isOver()) {
                failed(failure instanceof Refusal refusal ? refusal : refusal(failure));
            }
        });
    }

    private void failed(Refusal refusal) {
        whenNot.run();
        refuse(refusal);
    }

    /** What goes wrong elsewhere. */
    private static Refusal refusal(Throwable failure) {
        if (!(failure instanceof SluiceException || failure instanceof UnsupportedOperationException)) {
            LOG.warn("A request over 9P failed", failure);
        }
        return Failures.refusal(failure);
    }

    @Override
    public void onComplete() {
        session.execute(() -> {
            if (!isOver()) {
                failed(new Refusal(Errno.EIO, "a request ended without an answer"));
            }
        });
    }

    @Override
    void flush() {
        cancel();
        withdrawn();
    }

    @Override
    void abandon() {
        forget();
        cancel();
    }

    private void cancel() {
        if (subscription != null) {
            subscription.cancel();
        }
        whenNot.run();
    }
}
