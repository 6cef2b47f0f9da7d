package dev.sluice.rsocket.plain;

import static dev.sluice.rsocket.plain.Rider.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.Frame;
import dev.sluice.Source;
import dev.sluice.rsocket.ServerOptions;
import dev.sluice.rsocket.SessionOptions;
import dev.sluice.rsocket.SluiceServer;
import dev.sluice.rsocket.transport.NettyConnection;
import dev.sluice.rsocket.transport.NoLeaks;
import io.rsocket.exceptions.ConnectionCloseException;
import io.rsocket.exceptions.RejectedException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Requests of plain clients while their server closes. */
@ExtendWith(NoLeaks.class)
class PlainClosingTest {

    /** Less than the 5 s a connection may take for its last words. */
    private static final Duration AT_ONCE = Duration.ofSeconds(3);

    private final AtomicInteger asked = new AtomicInteger();
    private final Sinks.One<Frame> answer = Sinks.one();
    private SluiceServer server;
    private Rider rider;

    private void start(Duration closeTimeout) {
        server = SluiceServer.create(ServerOptions.builder()
                        .tcp("127.0.0.1", 0)
                        .session(SessionOptions.builder()
                                .closeTimeout(closeTimeout)
                                .build())
                        .build())
                .service("slow", request -> {
                    asked.incrementAndGet();
                    return Mono.just(Source.of("s", answer.asMono().flux()));
                });
        server.start().block(LONG);
        rider = Rider.of(server, false);
    }

    @AfterEach
    void stop() {
        rider.close();
        server.close().block(LONG);
    }

    private static Throwable failure(Mono<String> asked) {
        return Objects.requireNonNull(
                asked.then(Mono.<Throwable>empty()).onErrorResume(Mono::just).block(LONG));
    }

    @Test
    void close_whileARequestRuns_letsItFinishAndTakesNoOther() {
        start(LONG);
        CompletableFuture<String> running = rider.ask("service.slow", "").toFuture();
        await().until(() -> asked.get() == 1);

        CompletableFuture<Void> closed = server.close().toFuture();

        assertThat(failure(rider.ask("service.slow", "")))
                .isInstanceOf(RejectedException.class)
                .hasMessageContainingAll("UNAVAILABLE: ", "shuts down");
        assertThat(asked).hasValue(1);
        answer.tryEmitValue(Frame.text("done"));
        assertThat(Mono.fromFuture(running).block(LONG)).isEqualTo("done");
        Mono.fromFuture(closed).block(LONG);
    }

    @Test
    void close_untilItIsEnough_endsWhatStillRuns() {
        start(LONG);
        CompletableFuture<String> running = rider.ask("service.slow", "").toFuture();
        await().until(() -> asked.get() == 1);
        Sinks.Empty<Void> enough = Sinks.empty();
        CompletableFuture<Void> closed = server.close(LONG, enough.asMono()).toFuture();
        assertThat(failure(rider.ask("service.slow", ""))).hasMessageContaining("shuts down");
        assertThat(running).isNotDone();

        enough.tryEmitEmpty();

        Mono.fromFuture(closed).block(AT_ONCE);
        assertThat(failure(Mono.fromFuture(running)))
                .isInstanceOf(ConnectionCloseException.class)
                .hasMessageContaining("the server shuts down");
    }

    @Test
    void close_withAClientThatDoesNotRead_cutsItOffWhenItIsEnough() {
        start(LONG);
        AtomicLong produced = new AtomicLong();
        server.service(
                "flood",
                request -> Mono.just(Source.of("f", Flux.generate(sink -> {
                    produced.incrementAndGet();
                    sink.next(Frame.of(new byte[10_000]));
                }))));
        List<NettyConnection> connection = new CopyOnWriteArrayList<>();
        Rider deaf = Rider.stoppable(server, connection);
        AtomicBoolean first = new AtomicBoolean(true);
        deaf.stream("service.flood")
                .subscribe(
                        payload -> {
                            payload.release();
                            if (first.getAndSet(false)) {
                                connection.get(0).reading(false);
                            }
                        },
                        failure -> {});
        AtomicLong before = new AtomicLong();
        await().atMost(LONG).pollInterval(Duration.ofMillis(200)).until(() -> {
            long now = produced.get();
            return now > 0 && before.getAndSet(now) == now;
        });

        server.close(LONG, Mono.empty()).block(AT_ONCE);

        deaf.close();
    }

    @Test
    void close_whileARequestRunsForever_cutsItInTheEnd() {
        start(Duration.ofMillis(50));
        CompletableFuture<String> running = rider.ask("service.slow", "").toFuture();
        await().until(() -> asked.get() == 1);

        server.close().block(LONG);

        assertThat(failure(Mono.fromFuture(running))).isNotNull();
    }
}
