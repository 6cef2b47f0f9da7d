package dev.sluice.channel.memory;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.ChannelClosedException;
import dev.sluice.ChannelExpiredException;
import dev.sluice.Frame;
import dev.sluice.InvalidNameException;
import dev.sluice.channel.Channel;
import dev.sluice.channel.ChannelEvent;
import dev.sluice.channel.ChannelOptions;
import dev.sluice.channel.Channels;
import dev.sluice.channel.Delivery;
import dev.sluice.channel.GroupOptions;
import dev.sluice.channel.Position;
import dev.sluice.channel.Retention;
import dev.sluice.channel.SendResult;
import dev.sluice.channel.WhenNoGroup;
import dev.sluice.channel.spi.Afresh;
import dev.sluice.channel.spi.Gate;
import dev.sluice.channel.spi.Move;
import dev.sluice.channel.spi.Moves;
import dev.sluice.channel.spi.Outcome;
import dev.sluice.channel.spi.Route;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.test.subscriber.TestSubscriber;

/** A channel goes if nobody would miss it, and only then. */
class DeleteIfIdleTest {

    private static final Frame TEA = Frame.text("tea");

    private final Channels channels = Channels.inMemory();

    private boolean goes() {
        return Objects.requireNonNull(channels.deleteIfIdle("a").block());
    }

    private void assertStays(Channel<Frame> channel) {
        assertThat(goes()).isFalse();
        assertThat(channels.channel("a")).isSameAs(channel);
    }

    @Test
    void deleteIfIdle_ofAChannelNobodyUses_takesItAway() {
        Channel<Frame> channel = channels.channel("a");
        TestSubscriber<ChannelEvent> events = TestSubscriber.create();
        channels.events().subscribe(events);

        assertThat(goes()).isTrue();

        assertThat(events.getReceivedOnNext()).containsExactly(new ChannelEvent.Deleted("a"));
        StepVerifier.create(channels.find("a")).verifyComplete();
        assertThat(goes()).isFalse();
        assertThat(channel.isClosed()).isTrue();
        assertThat(channels.channel("a")).isNotSameAs(channel);
        assertThat(channels.channel("a").trySend(TEA)).isEqualTo(SendResult.ACCEPTED);
    }

    @Test
    void deleteIfIdle_isLazyAndChecksTheName() {
        channels.channel("a");

        var unused = channels.deleteIfIdle("a");

        assertThat(channels.count().block()).isEqualTo(1);
        StepVerifier.create(channels.deleteIfIdle("a//b")).verifyError(InvalidNameException.class);
        StepVerifier.create(channels.deleteIfIdle("b")).expectNext(false).verifyComplete();
    }

    @Test
    void deleteIfIdle_whoHoldsTheChannel_isTold() {
        Channel<Frame> channel = channels.channel("a");

        assertThat(goes()).isTrue();

        assertThat(channel.trySend(TEA)).isEqualTo(SendResult.CLOSED);
        StepVerifier.create(channel.send(TEA))
                .verifyErrorSatisfies(error -> assertThat(error)
                        .isInstanceOf(ChannelClosedException.class)
                        .isInstanceOf(ChannelExpiredException.class)
                        .hasMessageContaining("'a'")
                        .hasMessageContaining("look it up"));
        StepVerifier.create(channel.receive()).verifyError(ChannelExpiredException.class);
        StepVerifier.create(channel.listen()).verifyError(ChannelExpiredException.class);
        StepVerifier.create(channel.createGroup("g", GroupOptions.defaults()))
                .verifyError(ChannelExpiredException.class);
        StepVerifier.create(channel.resize(7)).verifyError(ChannelExpiredException.class);
    }

    @Test
    void deleteIfIdle_sendAllToAChannelThatIsGone_asksItsPublisherForNothing() {
        Channel<Frame> channel = channels.channel("a");
        assertThat(goes()).isTrue();

        StepVerifier.create(channel.sendAll(Flux.error(new AssertionError("subscribed"))))
                .verifyError(ChannelExpiredException.class);
    }

    @Test
    void deleteIfIdle_ofWhatWasSent_staysUntilItIsReceived() {
        Channel<Frame> channel = channels.channel("a");
        channel.send(TEA).block();
        assertStays(channel);

        channel.receive().blockFirst();

        assertThat(goes()).isTrue();
    }

    @Test
    void deleteIfIdle_whileASendWaits_stays() {
        Channel<Frame> channel = channels.channel("a");
        TestSubscriber<Frame> receiver =
                TestSubscriber.builder().initialRequest(0).build();
        channel.receive().subscribe(receiver);
        for (int i = 0; i < channel.capacity(); i++) {
            channel.send(TEA).block();
        }
        Disposable waiting = channel.send(TEA).subscribe();
        receiver.cancel();
        assertStays(channel);

        channel.receive().take(channel.capacity() + 1L).blockLast();

        assertThat(waiting.isDisposed()).isTrue();
        assertThat(goes()).isTrue();
    }

    @Test
    void deleteIfIdle_whileSomebodyReceives_stays() {
        Channel<Frame> channel = channels.channel("a");
        for (Flux<?> receiving : List.of(channel.receive(), channel.receive("g"), channel.listen())) {
            TestSubscriber<Object> receiver =
                    TestSubscriber.builder().initialRequest(0).build();
            receiving.subscribe(receiver);
            assertStays(channel);
            receiver.request(1);
            assertStays(channel);
            receiver.cancel();
        }

        assertThat(goes()).isTrue();
    }

    @Test
    void deleteIfIdle_ofADeliveryWithoutAnswer_stays() {
        Channel<Frame> channel = channels.channel("a");
        channel.send(TEA).block();
        TestSubscriber<Delivery<Frame>> receiver = TestSubscriber.create();
        channel.receiveAcked("g").subscribe(receiver);
        assertStays(channel);
        receiver.cancel();
        assertStays(channel);

        channel.receiveAcked("g").doOnNext(Delivery::ack).blockFirst();

        assertThat(goes()).isTrue();
    }

    @Test
    void deleteIfIdle_groupThatWasCreated_keepsTheChannelUntilItIsRemoved() {
        Channel<Frame> channel = channels.channel("a");
        channel.createGroup("g", GroupOptions.defaults()).block();
        assertStays(channel);

        channel.removeGroup("g").block();

        assertThat(goes()).isTrue();
    }

    @Test
    void deleteIfIdle_groupThatWasJoinedAndThenCreated_keepsTheChannel() {
        Channel<Frame> channel = channels.channel("a");
        channel.receive("g").subscribe().dispose();

        assertThat(channel.createGroup("g", GroupOptions.defaults()).block()).isFalse();

        assertStays(channel);
    }

    @Test
    void deleteIfIdle_ofARetainingChannel_staysWhileSomethingIsRetained() {
        VirtualTimeScheduler clock = VirtualTimeScheduler.create();
        Channels retaining = Channels.inMemory(ChannelOptions.builder()
                .retention(Retention.forLast(Duration.ofMinutes(1)))
                .clock(clock)
                .build());
        Channel<Frame> channel = retaining.channel("a");
        channel.send(TEA).block();
        channel.receive().blockFirst();
        assertThat(retaining.deleteIfIdle("a").block()).isFalse();
        assertThat(channel.listen(Position.earliest()).blockFirst()).isEqualTo(TEA);

        clock.advanceTimeBy(Duration.ofMinutes(1));

        assertThat(retaining.deleteIfIdle("a").block()).isTrue();
    }

    @Test
    void deleteIfIdle_whatNobodyWanted_doesNotKeepTheChannel() {
        Channels discarding = Channels.inMemory(
                ChannelOptions.builder().whenNoGroup(WhenNoGroup.DISCARD).build());
        discarding.channel("a").send(TEA).block();

        assertThat(discarding.deleteIfIdle("a").block()).isTrue();
    }

    @Test
    void deleteIfIdle_ofAChannelSomebodyCreated_stays() {
        assertStays(Objects.requireNonNull(
                channels.create("a", ChannelOptions.defaults()).block()));
    }

    @Test
    void deleteIfIdle_ofAChannelSomebodyResized_stays() {
        Channel<Frame> channel = channels.channel("a");
        channel.resize(7).block();

        assertStays(channel);
    }

    @Test
    void deleteIfIdle_whileASendAllGoesOn_stays() {
        Channel<Frame> channel = channels.channel("a");
        Sinks.Many<Frame> completing = Sinks.many().unicast().onBackpressureBuffer();
        channel.sendAll(completing.asFlux()).subscribe();
        assertStays(channel);
        completing.tryEmitComplete();

        Disposable cancelled = channel.sendAll(Flux.never()).subscribe();
        assertStays(channel);
        cancelled.dispose();

        Sinks.Many<Frame> failing = Sinks.many().unicast().onBackpressureBuffer();
        channel.sendAll(failing.asFlux()).onErrorComplete().subscribe();
        assertStays(channel);
        failing.tryEmitError(new IllegalStateException("boom"));

        channel.sendAll(Flux.just(TEA, TEA)).block();
        channel.receive().take(2).blockLast();
        assertThat(goes()).isTrue();
    }

    @Test
    void deleteIfIdle_afterAPublisherThatFailedToBegin_takesItAway() {
        Channel<Frame> channel = channels.channel("a");
        channel.sendAll(subscriber -> {
                    throw new IllegalStateException("boom");
                })
                .onErrorComplete()
                .subscribe();

        assertThat(goes()).isTrue();
    }

    @Test
    @SuppressWarnings("unchecked") // a channel in memory is a gate
    void deleteIfIdle_whileASinkIsAimedAtIt_stays() {
        Channel<Frame> channel = channels.channel("a");
        Gate<Frame> other = (Gate<Frame>) channels.channel("b");
        Route<Frame> route = new Route<>(other);
        assertThat(Moves.make(List.of(new Move<>(route, other, (Gate<Frame>) channel, true))))
                .isEqualTo(Outcome.ACCEPTED);
        assertStays(channel);

        Moves.make(List.of(new Move<>(route, (Gate<Frame>) channel, other, true)));

        assertThat(goes()).isTrue();
        assertThat(route.trySend(TEA)).isEqualTo(SendResult.ACCEPTED);
    }

    @Test
    @SuppressWarnings("unchecked") // a channel in memory is a gate
    void deleteIfIdle_whileItIsLeased_stays() {
        Channel<Frame> channel = channels.channel("a");
        Gate<Frame> gate = (Gate<Frame>) channel;
        Route<Frame> owner = new Route<>(gate);
        gate.reserve(owner);
        assertStays(channel);

        gate.free(owner);

        assertThat(goes()).isTrue();
    }

    @Test
    void deleteIfIdle_ofAClosedChannel_goesWhenNothingIsLeft() {
        Channel<Frame> channel = channels.channel("a");
        channel.send(TEA).block();
        channel.close();
        assertStays(channel);
        StepVerifier.create(channel.receive()).expectNext(TEA).verifyComplete();

        assertThat(goes()).isTrue();

        assertThat(channels.channel("a").isClosed()).isFalse();
    }

    @Test
    void deleteIfIdle_thatFails_changesNothing() {
        Channel<Frame> channel = channels.channel("a");
        channel.send(TEA).block();
        for (int i = 0; i < 5_000; i++) {
            assertThat(goes()).isFalse();
        }

        channel.send(TEA).block();

        assertThat(channel.stats().block().nextOffset()).isEqualTo(2);
        assertThat(channel.receive().take(2).collectList().block()).hasSize(2);
    }

    @Test
    void deleteIfIdle_halfDone_isNotSeenByOthers() {
        MemoryChannel<Frame> channel = (MemoryChannel<Frame>) channels.channel("a");
        channels.channel("b");

        assertThat(channel.expire()).as("what is left to be done").isNotNull();

        assertThat(Objects.requireNonNull(channels.broadcast("", TEA).block()).outcomes())
                .containsOnlyKeys("b");
        StepVerifier.create(channels.find("a")).verifyComplete();
        assertThat(channel.expire()).isNull();
    }

    @Test
    void deleteIfIdle_atARendezvous_staysWhileASendWaits() {
        Channels direct = Channels.inMemory(ChannelOptions.builder().capacity(0).build());
        Disposable waiting = direct.channel("a").send(TEA).subscribe();
        assertThat(direct.deleteIfIdle("a").block()).isFalse();

        waiting.dispose();

        assertThat(direct.deleteIfIdle("a").block()).isTrue();
    }

    @Test
    void deleteIfIdle_byAReceiverThatLeavesWithAnElementInHand_stays() {
        Channel<Frame> channel = channels.channel("a");
        AtomicReference<Boolean> gone = new AtomicReference<>();
        channel.receive().subscribe(new BaseSubscriber<>() {
            @Override
            protected void hookOnNext(Frame frame) {
                cancel();
                gone.set(goes());
            }
        });

        channel.send(TEA).block();

        assertThat(gone).hasValue(false);
        assertThat(goes()).isTrue();
    }

    @Test
    void deleteIfIdle_whileOthersSendByName_losesNothing() throws Exception {
        Channel<Frame> first = channels.channel("a");
        Thread sweeping = new Thread(() -> {
            while (!Thread.interrupted()) {
                channels.deleteIfIdle("a").subscribe();
            }
        });
        sweeping.start();
        try {
            long limit = System.nanoTime() + SECONDS.toNanos(30);
            for (int i = 0; i < 5_000 || (!first.isClosed() && System.nanoTime() < limit); i++) {
                Frame frame = Frame.text("" + i);
                Afresh.mono(() -> channels.channel("a").send(frame)).block();
                assertThat(Afresh.flux(() -> channels.channel("a").receive()).blockFirst())
                        .isEqualTo(frame);
            }
        } finally {
            sweeping.interrupt();
            sweeping.join();
        }
        assertThat(first.isClosed()).as("it went at least once").isTrue();
    }
}
