package dev.sluice.rsocket.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.ConnectionLostException;
import dev.sluice.Frame;
import dev.sluice.channel.Channel;
import dev.sluice.channel.ChannelOptions;
import dev.sluice.channel.ChannelStats;
import dev.sluice.channel.Channels;
import dev.sluice.channel.Delivery;
import dev.sluice.channel.Position;
import dev.sluice.channel.Retention;
import dev.sluice.rsocket.ClientOptions;
import dev.sluice.rsocket.ServerOptions;
import dev.sluice.rsocket.SessionOptions;
import dev.sluice.rsocket.SluiceClient;
import dev.sluice.rsocket.SluiceServer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;
import reactor.test.subscriber.TestSubscriber;

/** What becomes of operations whose connection is cut: done once, in order, or taken back for certain. */
class ReconnectTest {

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final SessionOptions HASTY =
            SessionOptions.builder().closeTimeout(Duration.ofMillis(50)).build();

    private final Channels there =
            Channels.inMemory(ChannelOptions.builder().capacity(1).build());
    private SluiceServer server = serving(Duration.ofMinutes(1));
    private CutProxy proxy = new CutProxy(0);
    private SluiceClient client =
            SluiceClient.create(ClientOptions.tcp("127.0.0.1", 1).build());
    private Channels here = there;

    private SluiceServer serving(Duration publisherMemory) {
        return SluiceServer.create(ServerOptions.builder()
                        .tcp("127.0.0.1", 0)
                        .session(HASTY)
                        .publisherMemory(publisherMemory)
                        .build())
                .channels(there);
    }

    @BeforeEach
    void start() {
        server.start().block(LONG);
        proxy.close();
        proxy = new CutProxy(server.port());
        client = SluiceClient.create(ClientOptions.tcp("127.0.0.1", proxy.port())
                .session(HASTY)
                .reconnect(Duration.ofMillis(5), Duration.ofMillis(20))
                .build());
        here = RemoteChannels.of(client);
    }

    @AfterEach
    void stop() {
        client.close().block(LONG);
        proxy.close();
        server.close().block(LONG);
    }

    private static TestSubscriber<Void> subscribe(Mono<Void> mono) {
        TestSubscriber<Void> subscriber = TestSubscriber.create();
        mono.subscribe(subscriber);
        return subscriber;
    }

    private ChannelStats stats(String name) {
        return Objects.requireNonNull(there.channel(name).stats().block(LONG));
    }

    private long waiting(String name) {
        return stats(name).waitingSends();
    }

    private long buffered(String name) {
        return stats(name).buffered();
    }

    private long accepted(String name) {
        return stats(name).accepted();
    }

    @Test
    void send_thatWaitsWhenTheConnectionIsCut_isAcceptedOnce() {
        Channel<Frame> orders = here.channel("orders");
        orders.send(Frame.text("1")).block(LONG);
        TestSubscriber<Void> second = subscribe(orders.send(Frame.text("2")));
        TestSubscriber<Void> third = subscribe(orders.send(Frame.text("3")));
        await().until(() -> waiting("orders") == 2);

        proxy.cut();

        await().until(() -> proxy.connections() >= 2);
        assertThat(there.channel("orders")
                        .receive()
                        .map(Frame::asText)
                        .take(3)
                        .collectList()
                        .block(LONG))
                .containsExactly("1", "2", "3");
        await().until(() -> second.isTerminatedComplete() && third.isTerminatedComplete());
        assertThat(accepted("orders")).isEqualTo(3);
    }

    @Test
    void send_cancelledWhileCut_isTakenBackInTheNextSession() {
        List<Frame> discarded = new CopyOnWriteArrayList<>();
        Channel<Frame> orders = here.channel("orders");
        orders.send(Frame.text("1")).block(LONG);
        Disposable second = orders.send(Frame.text("2"))
                .doOnDiscard(Frame.class, discarded::add)
                .subscribe();
        await().until(() -> waiting("orders") == 1);
        proxy.refuse(true);

        second.dispose();

        proxy.refuse(false);
        await().untilAsserted(() -> assertThat(discarded).containsExactly(Frame.text("2")));
        assertThat(waiting("orders")).isZero();
    }

    @Test
    void send_cancelledBeforeThereIsAConnection_isNeverMade() {
        List<Frame> discarded = new CopyOnWriteArrayList<>();
        proxy.refuse(true);
        Disposable never = here.channel("orders")
                .send(Frame.text("never"))
                .doOnDiscard(Frame.class, discarded::add)
                .subscribe();

        never.dispose();

        assertThat(discarded).containsExactly(Frame.text("never"));
        proxy.refuse(false);
        here.channel("orders").send(Frame.text("1")).block(LONG);
        assertThat(Objects.requireNonNull(there.channel("orders").receive().blockFirst(LONG)))
                .isEqualTo(Frame.text("1"));
    }

    @Test
    void sendAll_whoseConnectionIsCut_goesOnInTheNextSession() {
        TestPublisher<Frame> publisher = TestPublisher.create();
        TestSubscriber<Long> sending = TestSubscriber.create();
        here.channel("orders").sendAll(publisher).subscribe(sending);
        await().untilAsserted(() -> publisher.assertMinRequested(1));
        publisher.next(Frame.text("1"));
        await().until(() -> buffered("orders") == 1);

        proxy.cut();
        await().until(() -> proxy.connections() >= 2);
        TestSubscriber<String> received = TestSubscriber.create();
        there.channel("orders").receive().map(Frame::asText).subscribe(received);
        await().untilAsserted(() -> publisher.assertMinRequested(2));
        publisher.next(Frame.text("2")).complete();

        await().until(sending::isTerminatedComplete);
        assertThat(sending.getReceivedOnNext()).containsExactly(2L);
        await().untilAsserted(() -> assertThat(received.getReceivedOnNext()).containsExactly("1", "2"));
        publisher.assertWasNotCancelled();
    }

    @Test
    void sendAll_cancelledWhileCut_discardsWhatWasNotAccepted() {
        List<Frame> discarded = new CopyOnWriteArrayList<>();
        Disposable sending = here.channel("orders")
                .sendAll(Flux.range(1, 3).map(i -> Frame.text("" + i)).hide())
                .doOnDiscard(Frame.class, discarded::add)
                .subscribe();
        await().until(() -> buffered("orders") == 1);
        proxy.refuse(true);

        sending.dispose();

        proxy.refuse(false);
        // The publisher is not asked for what there is no room for, so there is nothing left to discard but what waits.
        await().until(() -> waiting("orders") == 0);
        assertThat(there.channel("orders").receive().blockFirst(LONG)).isEqualTo(Frame.text("1"));
        assertThat(discarded).doesNotContain(Frame.text("1"));
    }

    @Test
    void receive_whoseConnectionIsCut_goesOnWithWhatWasNotTaken() {
        TestSubscriber<String> receiving = TestSubscriber.create();
        here.channel("orders").receive("g").map(Frame::asText).subscribe(receiving);
        there.channel("orders").send(Frame.text("1")).block(LONG);
        await().until(() -> receiving.getReceivedOnNext().size() == 1);

        proxy.cut();

        there.channel("orders").send(Frame.text("2")).block(LONG);
        await().until(() -> receiving.getReceivedOnNext().size() == 2);
        assertThat(receiving.getReceivedOnNext()).containsExactly("1", "2");
    }

    @Test
    void receiveAcked_whoseConnectionIsCut_deliversAgainWhatWasNotAcknowledged() {
        TestSubscriber<Delivery<Frame>> receiving = TestSubscriber.create();
        here.channel("orders").receiveAcked("g").subscribe(receiving);
        there.channel("orders").send(Frame.text("1")).block(LONG);
        await().until(() -> receiving.getReceivedOnNext().size() == 1);

        proxy.cut();

        await().until(() -> receiving.getReceivedOnNext().size() == 2);
        Delivery<Frame> first = receiving.getReceivedOnNext().get(0);
        Delivery<Frame> again = receiving.getReceivedOnNext().get(1);
        assertThat(first.ack()).isFalse();
        assertThat(again.redelivered()).isTrue();
        assertThat(again.offset()).isEqualTo(first.offset());
        assertThat(again.ack()).isTrue();
    }

    @Test
    void listen_whoseConnectionIsCut_goesOnBehindTheLastElement() {
        there.create("news", ChannelOptions.builder().retention(Retention.all()).build())
                .block(LONG);
        TestSubscriber<String> listening = TestSubscriber.create();
        here.channel("news").listen(Position.earliest()).map(Frame::asText).subscribe(listening);
        there.channel("news").send(Frame.text("1")).block(LONG);
        await().until(() -> listening.getReceivedOnNext().size() == 1);
        proxy.refuse(true);
        there.channel("news").send(Frame.text("2")).block(LONG);

        proxy.refuse(false);

        there.channel("news").send(Frame.text("3")).block(LONG);
        await().until(() -> listening.getReceivedOnNext().size() == 3);
        assertThat(listening.getReceivedOnNext()).containsExactly("1", "2", "3");
    }

    @Test
    void listenToTheLatest_whoseConnectionIsCutBeforeItHeardAnything_missesNothing() {
        there.create("news", ChannelOptions.builder().retention(Retention.all()).build())
                .block(LONG);
        there.channel("news").send(Frame.text("before")).block(LONG);
        TestSubscriber<String> listening = TestSubscriber.create();
        here.channel("news").listen().map(Frame::asText).subscribe(listening);
        await().until(() -> server.peers().size() == 1);
        here.channel("news").stats().block(LONG);
        proxy.refuse(true);
        there.channel("news").send(Frame.text("1")).block(LONG);

        proxy.refuse(false);

        await().until(() -> !listening.getReceivedOnNext().isEmpty());
        assertThat(listening.getReceivedOnNext()).containsExactly("1");
    }

    @Test
    void listen_toAChannelThatWasReplacedMeanwhile_hearsTheNewOneFromItsBeginning() {
        ChannelOptions retained =
                ChannelOptions.builder().retention(Retention.all()).build();
        there.create("news", retained).block(LONG);
        TestSubscriber<String> listening = TestSubscriber.create();
        here.channel("news").listen(Position.earliest()).map(Frame::asText).subscribe(listening);
        there.channel("news").send(Frame.text("1")).block(LONG);
        await().until(() -> listening.getReceivedOnNext().size() == 1);
        proxy.refuse(true);
        there.delete("news").block(LONG);
        there.create("news", retained).block(LONG);
        there.channel("news").send(Frame.text("new")).block(LONG);

        proxy.refuse(false);

        await().until(() -> listening.getReceivedOnNext().size() == 2);
        assertThat(listening.getReceivedOnNext()).containsExactly("1", "new");
    }

    @Test
    void send_thatTheServerHasForgotten_failsAndIsNotDoneAnew() {
        stop();
        server = serving(Duration.ofSeconds(2));
        start();
        Channel<Frame> orders = here.channel("orders");
        orders.send(Frame.text("1")).block(LONG);
        TestSubscriber<Void> second = subscribe(orders.send(Frame.text("2")));
        await().until(() -> waiting("orders") == 1);
        proxy.refuse(true);
        await().until(() -> waiting("orders") == 0);

        proxy.refuse(false);

        await().until(second::isTerminatedError);
        assertThat(second.expectTerminalError())
                .isInstanceOf(ConnectionLostException.class)
                .hasMessageContaining("it may have been done");
        assertThat(accepted("orders")).isOne();
        orders.trySend(Frame.text("3"));
        assertThat(accepted("orders")).isOne();
    }

    @Test
    void operations_whoseServerOffersNoChannels_fail() {
        server.withdraw("channel.remember");
        StepVerifier.create(here.channel("orders").send(Frame.text("1")))
                .expectErrorMatches(failure ->
                        String.valueOf(failure.getMessage()).startsWith("no service \"channel.remember\" here"))
                .verify(LONG);
    }

    /** Cut in the middle of whatever passes, again and again: in records, between them, in frames of RSocket and in handshakes. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void sends_underRandomCuts_areAcceptedOnceAndInOrder(long seed) {
        int count = 3_000;
        Queue<Integer> received = new ConcurrentLinkedQueue<>();
        Channel<Frame> orders = here.channel("orders");
        orders.send(Frame.text("0")).block(LONG);
        there.channel("orders").receive().subscribe(frame -> received.add(Integer.parseInt(frame.asText())));
        Random random = new Random(seed);

        Flux.range(1, count)
                .doOnNext(i -> {
                    if (i % 100 == 0) {
                        proxy.cutNextAfter(random.nextInt(3_000));
                        proxy.cut();
                    }
                })
                .flatMapSequential(i -> orders.send(Frame.text("" + i)), 32)
                .blockLast(LONG);

        assertThat(proxy.connections()).isGreaterThan(5);
        await().until(() -> received.size() > count);
        assertThat(received)
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(0, count).boxed().toList());
    }
}
