package dev.sluice.channel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.publisher.Sinks.EmitResult;
import reactor.test.StepVerifier;

/** The sink view of a sender that is no channel; that of a channel is in the contract. */
class SenderSinkTest {

    private final Channel<String> target = Channel.create(10);

    /** Sends to a channel it does not own. */
    private final Sender<String> sender = new Sender<>() {
        @Override
        public Mono<Void> send(String element) {
            return target.send(element);
        }

        @Override
        public SendResult trySend(String element) {
            return target.trySend(element);
        }

        @Override
        public Mono<Long> sendAll(Publisher<? extends String> elements) {
            return target.sendAll(elements);
        }
    };

    @Test
    void tryEmitComplete_endsTheViewAndNotWhatIsBehindIt() {
        Sinks.Many<String> sink = sender.asSink();
        sink.tryEmitNext("one");

        assertThat(sink.tryEmitComplete()).isEqualTo(EmitResult.OK);

        assertThat(sink.tryEmitNext("late")).isEqualTo(EmitResult.FAIL_TERMINATED);
        assertThat(sink.tryEmitComplete()).isEqualTo(EmitResult.FAIL_TERMINATED);
        assertThat(sink.tryEmitError(new IllegalStateException())).isEqualTo(EmitResult.FAIL_TERMINATED);
        assertThat(target.isClosed()).isFalse();
        assertThat(sender.asSink().tryEmitNext("two")).isEqualTo(EmitResult.OK);
        StepVerifier.create(target.receive().take(2)).expectNext("one", "two").verifyComplete();
    }

    @Test
    void asFlux_hasNothingToReceiveFrom() {
        Sinks.Many<String> sink = sender.asSink();

        StepVerifier.create(sink.asFlux())
                .expectErrorSatisfies(error -> assertThat(error)
                        .isInstanceOf(UnsupportedOperationException.class)
                        .hasMessageContaining("receive from the channel"))
                .verify();
        assertThat(sink.currentSubscriberCount()).isZero();
    }

    @Test
    void scan_tellsWhatIsBehindAndWhetherItEnded() {
        Sinks.Many<String> sink = target.asSink();
        assertThat(sink.scan(reactor.core.Scannable.Attr.PARENT)).isSameAs(target);
        assertThat(sink.scan(reactor.core.Scannable.Attr.TERMINATED)).isFalse();

        target.close();

        assertThat(sink.scan(reactor.core.Scannable.Attr.TERMINATED)).isTrue();
    }
}
