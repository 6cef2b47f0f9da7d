package dev.sluice.rsocket.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.ConnectionLostException;
import dev.sluice.Frame;
import dev.sluice.Source;
import dev.sluice.rsocket.RemoteSource;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;
import reactor.test.subscriber.TestSubscriber;

/** How sessions end, in order and out of order. */
class SessionEndTest {

    private static final Duration LONG = Duration.ofSeconds(20);

    @Test
    void disconnect_failsWhatRunsAndCancelsProducers() {
        AtomicBoolean cancelled = new AtomicBoolean();
        try (Pair pair = new Pair()
                .serving(
                        "n",
                        request ->
                                Mono.just(Source.of("s", Flux.<Frame>never().doOnCancel(() -> cancelled.set(true)))))) {
            TestSubscriber<Frame> reading = TestSubscriber.create();
            RemoteSource source =
                    Objects.requireNonNull(pair.client.post("n", Frame.EMPTY).blockLast(LONG));
            source.frames().subscribe(reading);

            pair.clientLink.cut();
            pair.serverLink.cut();

            await().untilAsserted(() -> assertThat(Pair.errorOf(reading)).isInstanceOf(ConnectionLostException.class));
            StepVerifier.create(pair.client.post("n", Frame.EMPTY)).verifyError(ConnectionLostException.class);
        }
    }

    @Test
    void close_letsWhatRunsFinish() {
        TestPublisher<Frame> producer = TestPublisher.create();
        try (Pair pair = new Pair().serving("n", request -> Mono.just(Source.of("s", producer)))) {
            RemoteSource source =
                    Objects.requireNonNull(pair.client.post("n", Frame.EMPTY).blockLast(LONG));
            TestSubscriber<Frame> reading = TestSubscriber.create();
            source.frames().subscribe(reading);
            await().untilAsserted(producer::assertWasRequested);

            Mono<Void> closed = pair.server.close("bye");
            closed.subscribe();
            await().untilAsserted(() -> StepVerifier.create(pair.client.post("n", Frame.EMPTY))
                    .verifyErrorSatisfies(error -> assertThat(error).hasMessageContaining("going away")));
            producer.next(Frame.text("last")).complete();

            await().untilAsserted(
                            () -> assertThat(reading.isTerminatedComplete()).isTrue());
            closed.block(LONG);
            assertThat(reading.getReceivedOnNext()).containsExactly(Frame.text("last"));
        }
    }
}
