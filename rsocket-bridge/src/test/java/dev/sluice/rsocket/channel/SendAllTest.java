package dev.sluice.rsocket.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.Frame;
import dev.sluice.RemoteException;
import dev.sluice.Source;
import dev.sluice.channel.Channel;
import dev.sluice.channel.ChannelOptions;
import dev.sluice.channel.Channels;
import dev.sluice.channel.SendResult;
import dev.sluice.channel.Sender;
import dev.sluice.channel.contract.Fixture;
import dev.sluice.rsocket.Call;
import dev.sluice.rsocket.ClientOptions;
import dev.sluice.rsocket.ServerOptions;
import dev.sluice.rsocket.SessionOptions;
import dev.sluice.rsocket.SluiceClient;
import dev.sluice.rsocket.SluiceServer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Publisher;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.publisher.TestPublisher;
import reactor.test.subscriber.TestSubscriber;

/** What {@code sendAll} holds on its way, over one machine and several, and who answers for an element meanwhile. */
class SendAllTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    private final Deque<Mono<Void>> closing = new ArrayDeque<>();
    private SessionOptions session =
            SessionOptions.builder().closeTimeout(Duration.ofMillis(1)).build();

    private long waitingBytes = 64 << 20;

    @AfterEach
    void close() {
        closing.forEach(end -> end.block(LONG));
    }

    private SluiceServer start(UnaryOperator<SluiceServer> offering) {
        SluiceServer server = offering.apply(SluiceServer.create(ServerOptions.builder()
                .tcp("127.0.0.1", 0)
                .session(session)
                .waitingBytes(waitingBytes)
                .build()));
        server.start().block(LONG);
        closing.push(server.close());
        return server;
    }

    private SluiceClient client(SluiceServer server) {
        SluiceClient client = SluiceClient.create(
                ClientOptions.tcp("127.0.0.1", server.port()).session(session).build());
        closing.push(client.close());
        return client;
    }

    /** What another machine sees of channels. */
    private Channels from(Channels channels) {
        return RemoteChannels.of(client(start(server -> server.channels(channels))));
    }

    private static Channels holding(int capacity) {
        return Channels.inMemory(ChannelOptions.builder().capacity(capacity).build());
    }

    private static Flux<Frame> frames(int count, int bytes) {
        Frame frame = Frame.of(new byte[bytes]);
        return Flux.range(0, count).map(i -> frame);
    }

    @Test
    void sendAlls_thatFindNoRoom_holdNoMoreThanTheirWindows() {
        session = SessionOptions.builder()
                .closeTimeout(Duration.ofMillis(1))
                .streamWindow(64 << 10)
                .build();
        Channels there = holding(100);
        Channel<Frame> orders = from(there).channel("orders");
        AtomicInteger given = new AtomicInteger();
        List<TestPublisher<Frame>> publishers =
                Stream.generate(TestPublisher::<Frame>create).limit(8).toList();
        // All are asked while there is room for each of them.
        publishers.forEach(publisher -> closing.push(Mono.fromRunnable(orders.sendAll(publisher
                        .flux()
                        .take(1)
                        .thenMany(frames(1_000, 16 << 10))
                        .doOnNext(frame -> given.incrementAndGet()))
                .subscribe()::dispose)));
        publishers.forEach(publisher -> await().untilAsserted(() -> publisher.assertMinRequested(1)));

        publishers.forEach(TestPublisher::complete);

        await().until(() -> stats(there).buffered() == 100);
        // What was granted before such an answer has been sent before the next.
        IntStream.range(0, 50).forEach(i -> orders.stats().block(LONG));
        assertThat(given.get()).isBetween(100, 100 + 8 * 5);
    }

    /** However many a client has of them: each may have been asked for the same room. */
    @Test
    void sendAll_thatFindsNoRoom_failsWhenItsClientHasAllThatMayWait() {
        waitingBytes = 64 << 10;
        Channels there = holding(10);
        Channel<Frame> orders = from(there).channel("orders");
        TestPublisher<Frame> late = TestPublisher.create();
        TestSubscriber<Long> sending = TestSubscriber.create();
        orders.sendAll(late.flux().take(1).thenMany(frames(10, 8 << 10))).subscribe(sending);
        await().untilAsserted(() -> late.assertMinRequested(1));
        orders.sendAll(frames(10, 1_000)).block(LONG);

        // A quarter of 64 KiB is one client's.
        late.complete();
        await().until(() -> stats(there).waitingSends() == 1);
        IntStream.range(0, 50).forEach(i -> orders.stats().block(LONG));

        // What waits is sent before it fails, as with every publisher that ends.
        Disposable reader = there.channel("orders").receive().subscribe();
        await().untilAsserted(() -> assertThat(Fixture.errorOf(sending)).hasMessageContaining("waitingBytes"));
        assertThat(stats(there).accepted()).isEqualTo(11);
        assertThat(orders.sendAll(frames(10, 1_000)).block(LONG)).isEqualTo(10);
        reader.dispose();
    }

    private static dev.sluice.channel.ChannelStats stats(Channels there) {
        return Objects.requireNonNull(there.channel("orders").stats().block(LONG));
    }

    /** A server's own sender, whose demand comes of an operator. */
    private record Passing(Sender<Frame> to) implements Sender<Frame> {
        @Override
        public Mono<Void> send(Frame element) {
            return to.send(element);
        }

        @Override
        public SendResult trySend(Frame element) {
            return to.trySend(element);
        }

        @Override
        public Mono<Long> sendAll(Publisher<? extends Frame> elements) {
            return to.sendAll(Flux.from(elements).filter(frame -> frame.size() > 0));
        }
    }

    /** Calls of a sender of a server, besides channels. */
    private Sender<Frame> senderAt(Sender<Frame> to) {
        ServedOperations operations = new ServedOperations(LONG, 1 << 20);
        SluiceServer server = start(it -> it.service("own.sendAll", request -> operations.sendAll(request, () -> to))
                .service("own.send", request -> operations.send(request, () -> to))
                .service("own.withdraw", operations::withdraw)
                .service("own.remember", operations::remember));
        return new Operations(client(server), "own.withdraw", "own.remember")
                .sender("sender", "own", Call.to("own.send"), Call.to("own.sendAll"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void sendAll_cancelledWhileAThirdMachineHasNoRoom_discardsWhatThatHasNotAccepted(boolean passing) {
        Channels there = holding(100);
        Channel<Frame> middle = from(there).channel("orders");
        Sender<Frame> orders = senderAt(passing ? new Passing(middle) : middle);
        TestPublisher<Frame> publisher = TestPublisher.create();
        List<Frame> discarded = new CopyOnWriteArrayList<>();
        Disposable sending = orders.sendAll(publisher)
                .doOnDiscard(Frame.class, discarded::add)
                .subscribe();
        await().untilAsserted(() -> publisher.assertMinRequested(10));
        IntStream.range(0, 99).forEach(i -> there.channel("orders").trySend(Frame.text("other " + i)));
        List<Frame> given = IntStream.range(0, 10)
                .mapToObj(i -> Frame.text(i + "-".repeat(4_000)))
                .toList();
        given.forEach(publisher::next);
        await().until(() -> stats(there).waitingSends() == 1);
        IntStream.range(0, 20).forEach(i -> middle.stats().block(LONG));

        sending.dispose();

        await().until(() -> stats(there).waitingSends() == 0);
        await().until(() -> discarded.size() == 9);
        assertThat(discarded).containsExactlyElementsOf(given.subList(1, 10));
        List<Frame> accepted =
                there.channel("orders").receive().take(100).collectList().block(LONG);
        assertThat(accepted).contains(given.get(0)).doesNotContainAnyElementsOf(discarded);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 31})
    void sendAll_overThreeMachinesWithTheLeastWindows_goesOn(int step) {
        session = SessionOptions.builder()
                .closeTimeout(Duration.ofMillis(1))
                .streamWindow(16 << 10)
                .build();
        Channels there = holding(7);
        Channel<Frame> orders = from(from(from(there))).channel("orders");
        TestSubscriber<Integer> received = TestSubscriber.create();
        there.channel("orders").receive().map(Frame::size).subscribe(received);
        List<Integer> sizes = IntStream.range(0, 3_000)
                .map(i -> step == 1 ? 2_700 : i % 100 == 0 ? 40_000 : (i * step) % 5_000)
                .boxed()
                .toList();

        Long count = orders.sendAll(Flux.fromIterable(sizes).map(size -> Frame.of(new byte[size])))
                .block(LONG);

        assertThat(count).isEqualTo(3_000);
        await().until(() -> received.getReceivedOnNext().size() == 3_000);
        assertThat(received.getReceivedOnNext()).isEqualTo(sizes);
    }

    @Test
    void sendAll_toASenderThatAsksForEverythingAtOnce_isAcknowledgedOnTheWay() {
        List<Frame> sent = new ArrayList<>();
        Sender<Frame> orders = senderAt(new Sender<>() {
            @Override
            public Mono<Void> send(Frame element) {
                return Mono.fromRunnable(() -> sent.add(element));
            }

            @Override
            public SendResult trySend(Frame element) {
                sent.add(element);
                return SendResult.ACCEPTED;
            }

            @Override
            public Mono<Long> sendAll(Publisher<? extends Frame> elements) {
                return Flux.from(elements).doOnNext(sent::add).count();
            }
        });
        int more = 2 * KeptElements.MOST_UNACKNOWLEDGED;

        assertThat(orders.sendAll(frames(more, 1)).block(LONG)).isEqualTo(more);
        assertThat(sent).hasSize(more);
    }

    /** Channels of a server that takes whatever it gets and says nothing of it. */
    private Channel<Frame> silent() {
        SluiceServer server = start(it -> it.service(
                        Verbs.REMEMBER, request -> Mono.just(Source.of(Frame.text("true"), Flux.empty())))
                .service(
                        Verbs.SEND_ALL,
                        request -> request.uplink()
                                .flatMap(source -> source.frames().onErrorComplete())
                                .thenMany(Flux.never())));
        return RemoteChannels.of(client(server)).channel("orders");
    }

    @ParameterizedTest
    @ValueSource(ints = {KeptElements.MOST_UNACKNOWLEDGED, KeptElements.FEW_UNACKNOWLEDGED})
    void sendAll_toAServerThatAcknowledgesNothing_fails(int most) {
        int bytes = most == KeptElements.FEW_UNACKNOWLEDGED ? KeptElements.MOST_UNACKNOWLEDGED_BYTES / 200 : 10;
        AtomicInteger given = new AtomicInteger();
        TestSubscriber<Long> sending = TestSubscriber.create();

        silent().sendAll(frames(1 << 20, bytes).doOnNext(frame -> given.incrementAndGet()))
                .subscribe(sending);

        await().until(sending::isTerminatedError);
        assertThat(sending.expectTerminalError())
                .isInstanceOf(RemoteException.class)
                .hasMessageContaining("has not acknowledged " + most + " elements of sendAll");
        assertThat(given.get()).isBetween(most, most + 1_000);
    }
}
