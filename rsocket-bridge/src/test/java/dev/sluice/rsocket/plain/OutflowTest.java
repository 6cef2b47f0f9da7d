package dev.sluice.rsocket.plain;

import static dev.sluice.rsocket.plain.Rider.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.Frame;
import dev.sluice.channel.Channel;
import dev.sluice.channel.Channels;
import dev.sluice.rsocket.PlainOptions;
import dev.sluice.rsocket.ServerOptions;
import dev.sluice.rsocket.SluiceServer;
import dev.sluice.rsocket.security.Access;
import dev.sluice.rsocket.transport.NettyConnection;
import dev.sluice.rsocket.transport.NoLeaks;
import io.netty.channel.EventLoop;
import io.rsocket.Payload;
import io.rsocket.exceptions.ApplicationErrorException;
import io.rsocket.exceptions.ConnectionErrorException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

@ExtendWith(NoLeaks.class)
class OutflowTest {

    private final SluiceServer server =
            SluiceServer.create(ServerOptions.builder().tcp("127.0.0.1", 0).build());
    private final List<NettyConnection> connection = new CopyOnWriteArrayList<>();
    private final List<Long> asked = new CopyOnWriteArrayList<>();
    private final PlainOptions options = PlainOptions.defaults();
    private Rider rider;
    private Gate gate;

    @BeforeEach
    void connect() {
        server.start().block(LONG);
        rider = Rider.stoppable(server, connection);
        gate = new Gate(connection.get(0), 1 << 20);
    }

    @AfterEach
    void stop() {
        rider.close();
        server.close().block(LONG);
    }

    private Flux<Payload> outflow(int items, int bytes) {
        Flux<Outgoing> producer = Flux.range(0, items)
                .map(i -> new Outgoing(null, Frame.of(new byte[bytes]), null))
                .doOnRequest(asked::add);
        return new Outflow(producer, options, gate);
    }

    @Test
    void request_max_asksInWindowsOfItems() {
        assertThat(outflow(10_000, 10).doOnNext(Payload::release).count().block(LONG))
                .isEqualTo(10_000);

        assertThat(asked).startsWith(1L).allMatch(n -> n <= 256);
        assertThat(asked).contains(256L);
    }

    @Test
    void request_max_asksInWindowsOfBytes() {
        assertThat(outflow(1_000, 16_000).doOnNext(Payload::release).count().block(LONG))
                .isEqualTo(1_000);

        assertThat(asked).startsWith(1L).allMatch(n -> n <= 16);
    }

    @Test
    void request_ofAFew_asksForNoMore() {
        StepVerifier.create(outflow(100, 10).doOnNext(Payload::release), 3)
                .expectNextCount(3)
                .thenRequest(2)
                .expectNextCount(2)
                .thenCancel()
                .verify(LONG);

        assertThat(asked.stream().mapToLong(Long::longValue).sum()).isEqualTo(5);
    }

    @Test
    void producer_thatSendsMoreThanItWasAskedFor_fails() {
        Flux<Outgoing> rogue = Flux.from(subscriber -> {
            subscriber.onSubscribe(Operators.emptySubscription());
            for (int i = 0; i < 10; i++) {
                subscriber.onNext(new Outgoing(null, Frame.EMPTY, null));
            }
        });

        StepVerifier.create(new Outflow(rogue, options, gate), 0)
                .expectErrorMatches(error -> error instanceof ApplicationErrorException
                        && String.valueOf(error.getMessage()).contains("more than it was asked for"))
                .verify(LONG);
    }

    @Test
    void cancel_amidAWindow_givesBackWhatWasNotHandedOver() {
        Channels channels = Channels.inMemory();
        Channel<Frame> news = channels.channel("news");
        Flux.range(0, 10).concatMap(i -> news.send(Frame.text("" + i))).then().block(LONG);
        Limits limits = new Limits(options, 1 << 20, gate, new Waiting(1 << 20));
        Route route = new Route(Route.Kind.CHANNEL, "news", Map.of());
        ChannelRoute channel = new ChannelRoute(channels, route, Access.all(), limits);

        new Outflow(channel.outgoing(), options, gate).subscribe(new BaseSubscriber<>() {
            private int count;

            @Override
            protected void hookOnSubscribe(Subscription subscription) {
                subscription.request(Long.MAX_VALUE);
            }

            @Override
            protected void hookOnNext(Payload payload) {
                payload.release();
                // Who cancels within is not handed the third.
                if (++count == 3) {
                    cancel();
                }
            }
        });
        await().until(() -> Objects.requireNonNull(news.stats().block(LONG)).receivers() == 0);

        assertThat(news.receive().take(8).map(Frame::asText).collectList().block(LONG))
                .containsExactly("2", "3", "4", "5", "6", "7", "8", "9");
    }

    @Test
    void producer_thatAnswersAtOnce_leavesTheLoopToOthersBetweenTurns() {
        AtomicInteger handedOver = new AtomicInteger();
        AtomicInteger atTurnOfOthers = new AtomicInteger();
        EventLoop loop = connection.get(0).eventLoop();

        outflow(100_000, 10)
                .doOnNext(payload -> {
                    payload.release();
                    if (handedOver.incrementAndGet() == 1) {
                        loop.execute(() -> atTurnOfOthers.set(handedOver.get()));
                    }
                })
                .blockLast(LONG);

        assertThat(handedOver).hasValue(100_000);
        // Two turns, of the request and of the producer's onSubscribe, may have stood before it.
        assertThat(atTurnOfOthers.get()).isBetween(1, 2 * (64 << 10) / 74 + 2);
    }

    @Test
    void connection_thatClosesWithAnError_isHandedNothingMore() {
        NettyConnection closing = connection.get(0);
        AtomicInteger acked = new AtomicInteger();
        AtomicInteger looks = new AtomicInteger();
        CountDownLatch cancelled = new CountDownLatch(1);
        Flux<Outgoing> producer = Flux.range(0, 100_000)
                .map(i -> new Outgoing(null, Frame.EMPTY, acked::incrementAndGet))
                .doOnCancel(cancelled::countDown);

        new Outflow(producer, options, gate).subscribe(payload -> {
            payload.release();
            if (acked.get() == 0) {
                Schedulers.parallel().schedule(() -> closing.sendErrorAndClose(new ConnectionErrorException("enough")));
                // The channel is closed by this very thread, so that it still is open is certain.
                while (closing.accepts()) {
                    looks.incrementAndGet();
                }
            }
        });
        await().until(() -> cancelled.getCount() == 0);

        assertThat(acked).hasValue(1);
    }
}
