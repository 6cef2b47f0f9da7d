package dev.sluice.channel.contract;

import static dev.sluice.channel.contract.Fixture.LONG;
import static dev.sluice.channel.contract.Fixture.eventually;
import static dev.sluice.channel.contract.Fixture.sendNow;
import static dev.sluice.channel.contract.Fixture.subscribe;
import static dev.sluice.channel.contract.Fixture.take;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.sluice.channel.Channel;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Sinks;
import reactor.core.publisher.Sinks.EmitResult;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.subscriber.TestSubscriber;

/** The view of a channel as a Reactor sink. */
interface SinkContract extends Fixture {

    @Test
    default void asSink_tryEmitNext_answersAsTrySendDoes() {
        Channel<Integer> channel = open(1);
        Sinks.Many<Integer> sink = channel.asSink();

        assertThat(sink.tryEmitNext(1)).isEqualTo(EmitResult.OK);
        assertThat(sink.tryEmitNext(2)).isEqualTo(EmitResult.FAIL_OVERFLOW);
        channel.close();
        assertThat(sink.tryEmitNext(3)).isEqualTo(EmitResult.FAIL_TERMINATED);
        assertThatNullPointerException().isThrownBy(() -> sink.tryEmitNext(null));
        assertThat(take(channel, 1)).containsExactly(1);
    }

    @Test
    default void asSink_emittedByManyThreads_neverFailsForThat() {
        Channel<Integer> channel = open(100);
        Sinks.Many<Integer> sink = channel.asSink();
        Map<EmitResult, AtomicInteger> results = Collections.synchronizedMap(new EnumMap<>(EmitResult.class));

        Flux.range(0, 4)
                .flatMap(thread -> Flux.range(0, 1_000)
                        .doOnNext(i -> results.computeIfAbsent(sink.tryEmitNext(i), result -> new AtomicInteger())
                                .incrementAndGet())
                        .subscribeOn(Schedulers.boundedElastic()))
                .blockLast(LONG);

        assertThat(results).containsOnlyKeys(EmitResult.OK, EmitResult.FAIL_OVERFLOW);
        assertThat(results.get(EmitResult.OK)).hasValue(100);
    }

    @Test
    default void asSink_tryEmitComplete_closesTheChannelOnce() {
        Channel<Integer> channel = open(1);
        Sinks.Many<Integer> sink = channel.asSink();
        sink.tryEmitNext(1);

        assertThat(sink.tryEmitComplete()).isEqualTo(EmitResult.OK);
        assertThat(sink.tryEmitComplete()).isEqualTo(EmitResult.FAIL_TERMINATED);
        assertThat(channel.asSink().tryEmitComplete()).isEqualTo(EmitResult.FAIL_TERMINATED);

        assertThat(channel.isClosed()).isTrue();
        StepVerifier.create(sink.asFlux()).expectNext(1).verifyComplete();
    }

    @Test
    default void asSink_tryEmitError_closesTheChannelWithTheCause() {
        Channel<Integer> channel = open(1);

        assertThat(channel.asSink().tryEmitError(new IllegalStateException("boom")))
                .isEqualTo(EmitResult.OK);

        StepVerifier.create(channel.receive()).verifyErrorMessage("boom");
    }

    @Test
    default void asSink_asFlux_receives() {
        Channel<Integer> channel = open(1);
        Sinks.Many<Integer> sink = channel.asSink();
        assertThat(sink.currentSubscriberCount()).isZero();
        TestSubscriber<Integer> receiver = subscribe(sink.asFlux());
        eventually(() -> assertThat(sink.currentSubscriberCount()).isEqualTo(1));

        sink.emitNext(1, Sinks.EmitFailureHandler.FAIL_FAST);

        eventually(() -> assertThat(receiver.getReceivedOnNext()).containsExactly(1));
        assertThat(sink.asFlux()).isSameAs(sink.asFlux());
    }

    @Test
    default void asSink_emitNext_asksTheHandlerWhetherToTryAgain() {
        Channel<Integer> channel = open(1);
        Sinks.Many<Integer> sink = channel.asSink();
        sendNow(channel, 1);
        AtomicInteger asked = new AtomicInteger();

        sink.emitNext(2, (signal, result) -> {
            assertThat(result).isEqualTo(EmitResult.FAIL_OVERFLOW);
            if (asked.incrementAndGet() == 3) {
                assertThat(take(channel, 1)).containsExactly(1);
            }
            return true;
        });

        assertThat(asked.get()).isGreaterThanOrEqualTo(3);
        assertThat(take(channel, 1)).containsExactly(2);
    }

    @Test
    default void asSink_emitNextWithoutRoom_failsItsCallerAndDiscards() {
        Channel<Integer> channel = open(1);
        Sinks.Many<Integer> sink = channel.asSink();
        sendNow(channel, 1);

        assertThatExceptionOfType(Sinks.EmissionException.class)
                .isThrownBy(() -> sink.emitNext(2, Sinks.EmitFailureHandler.FAIL_FAST))
                .withMessageContaining("send()")
                .satisfies(e -> assertThat(e.getReason()).isEqualTo(EmitResult.FAIL_OVERFLOW));

        assertThat(channel.isClosed()).isFalse();
        assertThat(take(channel, 1)).containsExactly(1);
    }

    @Test
    default void asSink_emitAfterTheEnd_goesToTheDroppedHooks() {
        Channel<Integer> channel = open(1);
        Sinks.Many<Integer> sink = channel.asSink();
        List<Object> dropped = new CopyOnWriteArrayList<>();
        Hooks.onNextDropped(dropped::add);
        Hooks.onErrorDropped(dropped::add);
        try {
            IllegalStateException late = new IllegalStateException("late");
            sink.emitComplete(Sinks.EmitFailureHandler.FAIL_FAST);
            sink.emitComplete(Sinks.EmitFailureHandler.FAIL_FAST);
            sink.emitNext(1, Sinks.EmitFailureHandler.FAIL_FAST);
            sink.emitError(late, Sinks.EmitFailureHandler.FAIL_FAST);

            assertThat(dropped).containsExactly(1, late);
        } finally {
            Hooks.resetOnNextDropped();
            Hooks.resetOnErrorDropped();
        }
    }
}
