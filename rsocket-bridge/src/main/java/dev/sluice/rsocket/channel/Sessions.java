package dev.sluice.rsocket.channel;

import dev.sluice.ConnectionLostException;
import dev.sluice.rsocket.Call;
import dev.sluice.rsocket.ClientOptions;
import dev.sluice.rsocket.Peer;
import dev.sluice.rsocket.RemoteSource;
import dev.sluice.rsocket.SluiceClient;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * The sessions of a client in which channels are used. Each begins with the question whether the server remembers the client; once that is answered,
 * the server has ended those before, and what they had brought or taken is settled or given back. Thread safe.
 */
final class Sessions {

    private final SluiceClient client;
    private final Call question;
    private @Nullable Peer asked;
    private Mono<Ready> answer = Mono.empty();

    /**
     * None yet.
     *
     * @param question asks whether the server remembers the client
     */
    Sessions(SluiceClient client, Call question) {
        this.client = client;
        this.question = question;
    }

    /**
     * A session in which the server has answered.
     *
     * @param session the session
     * @param isRemembered whether the server knew this client
     */
    record Ready(Peer session, boolean isRemembered) {}

    /**
     * The session there is, or a new one. One that is lost before the server has answered is followed by another, later and later; when there is none
     * within twice the time for a connection it fails.
     */
    Mono<Ready> next() {
        ClientOptions options = client.options();
        Duration most = options.connectionTimeout().multipliedBy(2);
        return Mono.defer(client::connect)
                .flatMap(this::ready)
                .retryWhen(Retry.backoff(Long.MAX_VALUE, options.reconnectMin())
                        .maxBackoff(options.reconnectMax())
                        .filter(LostUnanswered.class::isInstance))
                .timeout(
                        most,
                        Mono.error(() -> new ConnectionLostException(
                                "no answer from " + options.transport() + " within " + most
                                        + ": connections are made, and lost again",
                                null)));
    }

    /** Makes a call in the session there is, or the next one: after the operations that began before. */
    Flux<RemoteSource> call(Call call) {
        return next().flatMapMany(ready -> ready.session().call(call));
    }

    private synchronized Mono<Ready> ready(Peer session) {
        if (asked != session) {
            asked = session;
            answer = session.call(question)
                    .next()
                    .doOnNext(RemoteSource::discard)
                    .map(source ->
                            new Ready(session, "true".equals(source.header().asText())))
                    .onErrorResume(
                            Operation::isLoss, loss -> session.onClose().then(Mono.error(new LostUnanswered(loss))))
                    .doOnError(failure -> forget(session))
                    .cache();
        }
        return answer;
    }

    private synchronized void forget(Peer session) {
        if (asked == session) {
            asked = null;
        }
    }

    /** For who uses one after the other. */
    Patience patience() {
        return new Patience(client.options());
    }

    /** The session ended before the question was answered. */
    private static final class LostUnanswered extends RuntimeException {
        private static final long serialVersionUID = 1L;

        LostUnanswered(Throwable loss) {
            super(loss);
        }
    }
}
