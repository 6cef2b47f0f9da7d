package dev.sluice.ninep.session;

import dev.sluice.Frame;
import dev.sluice.ninep.tree.Failures;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * A Twrite whose frame waits for room. One that is flushed is withdrawn, and then says so by its discard hook; or it has been accepted, and then it is
 * answered before those who flushed it.
 */
final class WaitingWrite extends Pending implements CoreSubscriber<Void> {

    private final int bytes;
    private final Runnable whenOver;
    private final Context context;
    private @Nullable Subscription subscription;

    /**
     * A write.
     *
     * @param whenOver run on the event loop when it does not wait any more
     */
    WaitingWrite(Session session, int tag, int bytes, Runnable whenOver) {
        super(session, tag);
        this.bytes = bytes;
        this.whenOver = whenOver;
        this.context = Operators.enableOnDiscard(Context.empty(), this::discarded);
    }

    void begin(Mono<Void> send) {
        session.buffer(bytes);
        send.subscribe(this);
    }

    private void discarded(Object element) {
        if (element instanceof Frame) {
            session.execute(() -> {
                if (!isOver()) {
                    release();
                    withdrawn();
                }
            });
        }
    }

    private void release() {
        session.buffer(-bytes);
        whenOver.run();
    }

    @Override
    public Context currentContext() {
        return context;
    }

    @Override
    public void onSubscribe(Subscription s) {
        subscription = s;
        s.request(1);
    }

    @Override
    public void onNext(Void never) {}

    @Override
    public void onComplete() {
        session.execute(() -> {
            if (!isOver()) {
                release();
                ByteBuf accepted = OpenFile.written(session, tag, bytes);
                answer(accepted);
            }
        });
    }

    @Override
    public void onError(Throwable failure) {
        session.execute(() -> {
            if (!isOver()) {
                release();
                refuse(Failures.refusal(failure));
            }
        });
    }

    @Override
    void flush() {
        cancel();
    }

    @Override
    void abandon() {
        forget();
        release();
        cancel();
    }

    private void cancel() {
        Subscription from = subscription;
        if (from != null) {
            from.cancel();
        }
    }
}
