package dev.sluice.rsocket;

import dev.sluice.rsocket.session.Session;
import dev.sluice.rsocket.transport.BoundServer;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * One close of a server, in phases: it stops listening, says GOAWAY and waits for what runs, until that is over or it is told that this is enough; then it
 * ends the sessions, and after them the connections. Several closes of one server may run side by side: the hastiest counts. Thread safe.
 */
final class Closing {

    /** Why sessions and connections end. */
    static final String WHY = "the server shuts down";

    /** What is told to who asks for something after that. */
    static final String REFUSAL = WHY + ": ask another one, or this one later";

    /** How long those who do not read may keep it once it is enough. */
    private static final Duration LAST_WORDS = Duration.ofMillis(250);

    private final List<BoundServer> servers;
    private final Set<Session> sessions;
    private final Mono<Void> plain;
    private final Sinks.Empty<Void> over = Sinks.empty();

    /**
     * A close.
     *
     * @param sessions those there are, at any time
     * @param plain refuses requests of plain clients, and completes when none is open
     */
    Closing(List<BoundServer> servers, Set<Session> sessions, Mono<Void> plain) {
        this.servers = servers;
        this.sessions = sessions;
        this.plain = plain;
    }

    /** Does it; for one subscriber. A cancel ends the wait: nothing new is taken nevertheless, and sessions end after the timeout. */
    Mono<Void> run(Duration timeout, Publisher<?> enough) {
        return Mono.defer(() -> {
            servers.forEach(BoundServer::stopListening);
            Mono<Void> finished = Mono.when(
                    each(sessions, session -> session.close(WHY, timeout)),
                    plain,
                    each(servers, BoundServer::whenAnswered));
            Disposable limit = Mono.firstWithSignal(
                            Mono.from(enough).then(), Mono.delay(timeout).then())
                    .onErrorComplete()
                    .subscribe(nothing -> {}, failure -> {}, over::tryEmitEmpty);
            // In this order: GOAWAY is said even if it was enough from the beginning.
            return Mono.firstWithSignal(finished, over.asMono())
                    .then(Mono.defer(this::end))
                    .doFinally(end -> limit.dispose());
        });
    }

    private Mono<Void> end() {
        Mono<Void> ended = each(sessions, session -> session.close(WHY, Duration.ZERO))
                .then(Mono.<Void>fromRunnable(() -> servers.forEach(BoundServer::dispose)))
                .then(closed());
        return Mono.firstWithSignal(
                        ended, over.asMono().then(Mono.delay(LAST_WORDS)).then())
                .then(Mono.<Void>fromRunnable(() -> servers.forEach(BoundServer::cut)))
                .then(closed())
                // Those that began meanwhile have ended with their connections.
                .then(each(sessions, Session::onClose));
    }

    private Mono<Void> closed() {
        return each(servers, BoundServer::onClose);
    }

    /** All at a time, however many there are. */
    private static <T> Mono<Void> each(Collection<T> all, Function<T, Mono<Void>> task) {
        return Mono.defer(() -> Mono.when(all.stream().map(task).toList()));
    }
}
