package dev.sluice.rsocket.plain;

import static dev.sluice.rsocket.plain.Rider.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.Frame;
import dev.sluice.Source;
import dev.sluice.channel.Channel;
import dev.sluice.channel.ChannelOptions;
import dev.sluice.channel.Channels;
import dev.sluice.channel.Retention;
import dev.sluice.rsocket.Nest;
import dev.sluice.rsocket.ServerOptions;
import dev.sluice.rsocket.SluiceServer;
import dev.sluice.rsocket.transport.NoLeaks;
import io.rsocket.Payload;
import io.rsocket.exceptions.ApplicationErrorException;
import io.rsocket.exceptions.InvalidException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** What RSocket's own client can do, over real sockets. */
@ExtendWith(NoLeaks.class)
class PlainRoutesTest {

    private final Channels channels = Channels.inMemory(
            ChannelOptions.builder().capacity(4).retention(Retention.all()).build());
    private final SluiceServer server = SluiceServer.create(ServerOptions.builder()
                    .tcp("127.0.0.1", 0)
                    .webSocket("127.0.0.1", 0)
                    .build())
            .channels(channels);
    private final List<Rider> riders = new ArrayList<>();

    @BeforeEach
    void start() {
        server.start().block(LONG);
    }

    @AfterEach
    void stop() {
        riders.forEach(Rider::close);
        server.close().block(LONG);
    }

    private Rider connect(boolean webSocket) {
        Rider made = Rider.of(server, webSocket);
        riders.add(made);
        return made;
    }

    private void fill(Channel<Frame> channel, int count) {
        Flux.range(0, count)
                .concatMap(i -> channel.send(Frame.text("" + i)))
                .then()
                .block(LONG);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void requestResponse_toAChannel_isAnsweredOnceAccepted(boolean webSocket) {
        Rider rider = connect(webSocket);
        Channel<Frame> orders = channels.channel("orders/new");
        fill(orders, 4);

        CompletableFuture<String> answer =
                rider.ask("channel.orders/new", "tea").toFuture();
        await().untilAsserted(() -> assertThat(
                        Objects.requireNonNull(orders.stats().block(LONG)).waitingSends())
                .isEqualTo(1));
        assertThat(answer).isNotDone();

        assertThat(orders.receive().take(5).map(Frame::asText).collectList().block(LONG))
                .containsExactly("0", "1", "2", "3", "tea");
        assertThat(answer.join()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void requestResponse_cancelled_withdrawsWhatWaits(boolean webSocket) {
        Rider rider = connect(webSocket);
        Channel<Frame> orders = channels.channel("orders");
        fill(orders, 4);

        var waiting = rider.ask("channel.orders", "tea").subscribe();
        await().until(() -> Objects.requireNonNull(orders.stats().block(LONG)).waitingSends() == 1);
        waiting.dispose();

        await().until(() -> Objects.requireNonNull(orders.stats().block(LONG)).withdrawn() == 1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void fireAndForget_toAChannel_sends(boolean webSocket) {
        connect(webSocket).tell("channel.orders%3F", "tea").block(LONG);

        assertThat(Objects.requireNonNull(channels.channel("orders?").receive().blockFirst(LONG))
                        .asText())
                .isEqualTo("tea");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void requestStream_ofAChannel_receivesAsMemberOfItsGroup(boolean webSocket) {
        Rider rider = connect(webSocket);
        fill(channels.channel("orders"), 4);
        channels.channel("orders").close();

        assertThat(rider.texts("channel.orders?group=a%20b").collectList().block(LONG))
                .containsExactly("0", "1", "2", "3");
        assertThat(rider.texts("channel.orders").collectList().block(LONG)).containsExactly("0", "1", "2", "3");
        assertThat(rider.texts("channel.orders?group=a%20b").collectList().block(LONG))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void requestStream_cancelled_leavesInTheChannelWhatItHasNotBrought(boolean webSocket) {
        Rider rider = connect(webSocket);
        Channel<Frame> orders = channels.channel("orders");
        fill(orders, 4);

        StepVerifier.create(rider.texts("channel.orders"), 2)
                .expectNext("0", "1")
                .thenCancel()
                .verify(LONG);

        await().until(() -> Objects.requireNonNull(orders.stats().block(LONG)).receivers() == 0);
        assertThat(orders.receive().take(2).map(Frame::asText).collectList().block(LONG))
                .containsExactly("2", "3");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void requestStream_thatListens_bringsOffsets(boolean webSocket) {
        Rider rider = connect(webSocket);
        fill(channels.channel("news"), 4);

        List<String> heard = rider.stream("channel.news?listen=1&overflow=drop_oldest&buffer=8")
                .take(3)
                .map(payload -> Rider.entries(payload) + Rider.text(payload))
                .collectList()
                .block(LONG);

        assertThat(heard)
                .containsExactly(
                        "{message/x.sluice.offset.v1=1}1",
                        "{message/x.sluice.offset.v1=2}2",
                        "{message/x.sluice.offset.v1=3}3");
        assertThat(Objects.requireNonNull(channels.channel("news").stats().block(LONG))
                        .delivered())
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void requestStream_ofAChannelClosedWithACause_saysBoth(boolean webSocket) {
        Rider rider = connect(webSocket);
        channels.channel("orders").close(new IllegalStateException("out of tea"));

        StepVerifier.create(rider.texts("channel.orders"))
                .expectErrorSatisfies(error -> assertThat(error)
                        .isInstanceOf(ApplicationErrorException.class)
                        .hasMessage("FAILED: out of tea"))
                .verify(LONG);
        StepVerifier.create(rider.ask("channel.orders", "tea"))
                .expectErrorSatisfies(error ->
                        assertThat(error).hasMessageStartingWith("CLOSED: ").hasMessageContaining("out of tea"))
                .verify(LONG);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void requestChannel_sendsAllAndAnswersWithTotals(boolean webSocket) {
        Rider rider = connect(webSocket);
        Mono<List<String>> received = channels.channel("orders")
                .receive()
                .take(1_000)
                .map(Frame::asText)
                .collectList();
        CompletableFuture<List<String>> all = received.toFuture();

        List<String> totals = Objects.requireNonNull(
                rider.sendAll("channel.orders", Flux.range(0, 1_000).map(i -> "" + i))
                        .collectList()
                        .block(LONG));

        assertThat(all.join()).hasSize(1_000).startsWith("0", "1").endsWith("999");
        assertThat(totals)
                .isSubsetOf(Flux.range(1, 1_000).map(i -> "" + i).collectList().block());
        assertThat(totals.stream().map(Integer::parseInt)).isSorted().doesNotHaveDuplicates();
        assertThat(totals).endsWith("1000");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void requestChannel_cancelled_countsWhatWasAcceptedAndWithdrawsTheRest(boolean webSocket) {
        Rider rider = connect(webSocket);
        Channel<Frame> orders = channels.channel("orders");

        StepVerifier.create(rider.sendAll("channel.orders", Flux.range(0, 100).map(i -> "" + i)))
                .thenConsumeWhile(total -> !total.equals("4"))
                .thenAwait()
                .thenCancel()
                .verify(LONG);

        await().until(() -> Objects.requireNonNull(orders.stats().block(LONG)).waitingSends() == 0);
        assertThat(Objects.requireNonNull(orders.stats().block(LONG)).accepted())
                .isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void channels_listsNamesAndCounters(boolean webSocket) {
        Rider rider = connect(webSocket);
        fill(channels.channel("a/1"), 3);
        List.of("a/2", "a/3", "b").forEach(channels::channel);

        assertThat(rider.ask("channels?prefix=a&limit=2", "").block(LONG))
                .contains("\"name\":\"a/1\"", "\"accepted\":3", "\"name\":\"a/2\"", "\"more\":true")
                .doesNotContain("a/3", "\"b\"");
        assertThat(rider.ask("channels?prefix=a&limit=2&after=a/2", "").block(LONG))
                .contains("\"name\":\"a/3\"", "\"more\":false")
                .doesNotContain("a/1", "a/2");
    }

    private void offerCount() {
        server.service(
                "count",
                request -> Flux.range(0, 2)
                        .map(s -> Source.of(
                                request.tags().getOrDefault("as", "s") + s,
                                Flux.range(0, 2)
                                        .map(i -> Frame.text(request.body().asText() + s + i))))
                        .cast(Source.class)
                        .concatWithValues(Nest.of(
                                Frame.text("nest"), Flux.just(Source.of("leaf", Flux.just(Frame.text("deep")))))));
    }

    private static String told(Payload payload) {
        Map<String, String> entries = Rider.entries(payload);
        return entries.get("message/x.sluice.source.v1") + " " + entries.get("message/x.sluice.header.v1") + " "
                + Rider.text(payload);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void service_requestStream_bringsTheFramesOfItsSourcesEachWithItsHeader(boolean webSocket) {
        offerCount();
        Rider rider = connect(webSocket);

        assertThat(rider.rsocket
                        .requestStream(Rider.payload("service.count?as=h", "x"))
                        .map(PlainRoutesTest::told)
                        .collectList()
                        .block(LONG))
                .containsExactlyInAnyOrder("0 h0 x00", "0 h0 x01", "1 h1 x10", "1 h1 x11", "2.0 leaf deep");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void service_requestResponse_bringsTheFirstFrame(boolean webSocket) {
        offerCount();
        server.service("nothing", request -> Flux.<Source>empty());
        Rider rider = connect(webSocket);

        assertThat(Objects.requireNonNull(rider.rsocket
                        .requestResponse(Rider.payload("service.count", "x"))
                        .map(PlainRoutesTest::told)
                        .block(LONG)))
                .isEqualTo("0 s0 x00");
        StepVerifier.create(rider.ask("service.nothing", "")).expectComplete().verify(LONG);
    }

    private static void assertRefused(Flux<?> asked, String... says) {
        StepVerifier.create(asked)
                .expectErrorSatisfies(error ->
                        assertThat(error).isInstanceOf(InvalidException.class).hasMessageContainingAll(says))
                .verify(LONG);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void requests_thatCannotBeUnderstood_areToldWhatThereIs(boolean webSocket) {
        Rider rider = connect(webSocket);

        assertRefused(rider.ask("sesame", "").flux(), "no route \"sesame\"", "channel.NAME", "service.NAME");
        assertRefused(rider.ask("channel.a?groop=b", "").flux(), "BAD_REQUEST: ", "\"groop\"");
        assertRefused(rider.texts("channel.a?groop=b"), "\"groop\"", "group, listen");
        assertRefused(rider.texts("channel.a?group=b&listen=latest"), "\"group\"", "\"listen\"");
        assertRefused(rider.texts("channel.a?listen=never"), "\"listen\"", "earliest");
        assertRefused(rider.texts("channel.a?listen=latest&buffer=0"), "\"buffer\"", "1 to 256");
        assertRefused(rider.texts("channel.a?group"), "\"group\"", "key=value");
        assertRefused(rider.texts("channel.a%2"), "%25");
        assertRefused(rider.texts("channel./a"), "INVALID_NAME: ", "begins with a slash");
        assertRefused(rider.texts("channels"), "request-response");
        assertRefused(rider.texts("service.channel.send"), "NO_SERVICE: ");
        assertRefused(rider.sendAll("sesame", Flux.just("x").concatWith(Flux.never())), "no route \"sesame\"");
        assertRefused(rider.sendAll("service.a", Flux.just("x").concatWith(Flux.never())), "request-stream");
        assertThat(rider.ask("channel.a", "still here").block(LONG)).isEmpty();
    }
}
