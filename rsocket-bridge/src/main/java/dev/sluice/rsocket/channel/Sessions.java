package dev.sluice.rsocket.channel;

import dev.sluice.rsocket.Call;
import dev.sluice.rsocket.Peer;
import dev.sluice.rsocket.RemoteSource;
import dev.sluice.rsocket.SluiceClient;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

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

    /** The session there is, or a new one: fails when there is none within the client's time for that. */
    Mono<Ready> next() {
        return client.connect().flatMap(this::ready);
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
                    .onErrorResume(Operation::isLoss, loss -> session.onClose().then(Mono.defer(this::next)))
                    .cache();
        }
        return answer;
    }

    /** For who uses one after the other. */
    Patience patience() {
        return new Patience(client.options());
    }
}
