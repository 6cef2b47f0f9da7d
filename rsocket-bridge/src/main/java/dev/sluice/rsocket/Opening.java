package dev.sluice.rsocket;

import dev.sluice.AccessDeniedException;
import dev.sluice.ConnectionLostException;
import dev.sluice.rsocket.session.Session;
import io.rsocket.Payload;
import io.rsocket.exceptions.RejectedSetupException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * A session whose server has not answered yet.
 *
 * <p>RSocket has no answer to SETUP: a server that refuses it says so some time later. So a connection counts as made when the server has said HELLO,
 * one round trip later, and a client learns that it was refused before it has made a call. On the event loop.
 */
final class Opening implements CoreSubscriber<Payload> {

    private final Session session;
    private final CoreSubscriber<Payload> inbound;
    private final String target;
    private final Executor loop;
    private final Sinks.One<Session> opened = Sinks.one();
    private boolean answered;

    Opening(Session session, CoreSubscriber<Payload> inbound, String target, Executor loop) {
        this.session = session;
        this.inbound = inbound;
        this.target = target;
        this.loop = loop;
    }

    /** The session, once the server has answered; to cancel before that ends it. */
    Mono<Session> opened() {
        return opened.asMono()
                .doOnCancel(() -> session.close("nobody waits for it").subscribe());
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        // RSocket ends what goes out before it tells why, so the reason comes a little later in the same turn.
        session.onClose().subscribe(null, null, () -> loop.execute(this::ended));
        inbound.onSubscribe(subscription);
    }

    @Override
    public void onNext(Payload payload) {
        boolean first = !answered;
        answered = true;
        inbound.onNext(payload);
        if (first) {
            opened.tryEmitValue(session);
        }
    }

    @Override
    public void onError(Throwable error) {
        opened.tryEmitError(failure(error));
        inbound.onError(error);
    }

    @Override
    public void onComplete() {
        inbound.onComplete();
        ended();
    }

    private void ended() {
        if (answered) {
            // What ended it is told to whoever calls.
            opened.tryEmitValue(session);
        } else {
            opened.tryEmitError(failure(null));
        }
    }

    private RuntimeException failure(@Nullable Throwable cause) {
        if (cause instanceof RejectedSetupException) {
            return new AccessDeniedException(target + " refuses this client: " + cause.getMessage());
        }
        return new ConnectionLostException(
                target + " ended the connection before the session began"
                        + (cause == null ? "" : ": " + cause.getMessage()),
                cause);
    }
}
