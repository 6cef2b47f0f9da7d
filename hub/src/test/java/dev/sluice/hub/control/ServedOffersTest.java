package dev.sluice.hub.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sluice.AccessDeniedException;
import dev.sluice.ChannelFullException;
import dev.sluice.Frame;
import dev.sluice.InvalidNameException;
import dev.sluice.RemoteException;
import dev.sluice.Source;
import dev.sluice.hub.Hub;
import dev.sluice.hub.HubOptions;
import dev.sluice.rsocket.Call;
import dev.sluice.rsocket.ClientOptions;
import dev.sluice.rsocket.Nest;
import dev.sluice.rsocket.RemoteSource;
import dev.sluice.rsocket.Service;
import dev.sluice.rsocket.SessionOptions;
import dev.sluice.rsocket.security.AccessPolicy;
import dev.sluice.rsocket.security.Identity;
import dev.sluice.rsocket.security.Verb;
import dev.sluice.rsocket.session.Failures;
import dev.sluice.rsocket.wire.Code;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

class ServedOffersTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final List<HubClient> clients = new ArrayList<>();
    private Hub hub;
    private HubClient caller;

    @BeforeEach
    void start() {
        hub = started(options(0));
        caller = client();
    }

    @AfterEach
    void stop() {
        clients.forEach(client -> client.close().block(PATIENCE));
        hub.close().block(PATIENCE);
    }

    private static HubOptions.Builder options(int port) {
        return HubOptions.builder().tcp("127.0.0.1", port);
    }

    private static Hub started(HubOptions.Builder options) {
        return Objects.requireNonNull(Hub.create(options.build()).start().block(PATIENCE));
    }

    private int port() {
        return hub.endpoints().get(0).getPort();
    }

    private HubClient client() {
        // A close that does not wait for what runs: as good as a client that is killed.
        SessionOptions hasty =
                SessionOptions.builder().closeTimeout(Duration.ofMillis(1)).build();
        HubClient made = HubClient.create(ClientOptions.tcp("127.0.0.1", port())
                .session(hasty)
                .reconnect(Duration.ofMillis(20), Duration.ofMillis(100))
                .simple("somebody", "secret")
                .build());
        clients.add(made);
        return made;
    }

    /** Offers, and returns when the offer stands. */
    private static Disposable offered(HubClient client, String name, Service service) throws InterruptedException {
        CountDownLatch stands = new CountDownLatch(1);
        Disposable offer = client.offer(name, service)
                .doOnNext(state -> stands.countDown())
                .subscribe(state -> {}, ended -> {});
        assertThat(stands.await(20, TimeUnit.SECONDS)).isTrue();
        return offer;
    }

    private static Service says(String text) {
        return request -> Mono.just(Source.of("said", Mono.just(Frame.text(text))));
    }

    private List<String> call(String name) {
        return texts(caller.client().call(Call.to(name)));
    }

    private static List<String> texts(Flux<RemoteSource> answer) {
        return Objects.requireNonNull(answer.flatMap(RemoteSource::frames)
                .map(Frame::asText)
                .collectList()
                .block(PATIENCE));
    }

    @Test
    void call_ofOfferedService_isAnsweredByItsClient() throws Exception {
        offered(
                client(),
                "weather",
                request -> Flux.just("a", "b")
                        .map(header -> Source.of(
                                header,
                                Flux.just(
                                        request.body(),
                                        Frame.text(request.tags().get("city"))))));

        List<String> answers = Objects.requireNonNull(caller.client()
                .call(Call.to("weather").body(Frame.text("now")).tag("city", "Ulm"))
                .concatMap(
                        source -> source.frames().map(frame -> source.header().asText() + frame.asText()))
                .collectList()
                .block(PATIENCE));

        assertThat(answers).containsExactly("anow", "aUlm", "bnow", "bUlm");
    }

    @Test
    void call_withUplink_bringsItToTheClient() throws Exception {
        offered(
                client(),
                "shout",
                request -> request.uplink()
                        .map(source -> Source.of(
                                source.header(), source.frames().map(frame -> Frame.text(frame.asText() + "!")))));
        Flux<Source> uplink = Flux.just("x", "y")
                .map(header -> Source.of(header, Flux.just(Frame.text(header + 1), Frame.text(header + 2))));

        assertThat(texts(caller.client().call(Call.to("shout").uplink(uplink))))
                .containsExactlyInAnyOrder("x1!", "x2!", "y1!", "y2!");
    }

    @Test
    void call_answeredWithNest_bringsItsSources() throws Exception {
        offered(
                client(),
                "nested",
                request -> Mono.just(Nest.of(
                        Frame.text("outer"),
                        Flux.just(Source.of("inner", Flux.just(Frame.text("1"), Frame.text("2")))))));

        Flux<RemoteSource> inner = caller.client().call(Call.to("nested")).flatMap(RemoteSource::sources);

        assertThat(texts(inner)).containsExactly("1", "2");
    }

    @Test
    void call_ofServiceOfTwoClients_takesTurns() throws Exception {
        offered(client(), "turns", says("one"));
        offered(client(), "turns", says("two"));

        List<String> four = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            four.addAll(call("turns"));
        }

        assertThat(four.subList(0, 2)).containsExactlyInAnyOrder("one", "two");
        assertThat(four.subList(2, 4)).isEqualTo(four.subList(0, 2));
    }

    @Test
    void call_readSlowly_asksTheClientForNoMore() throws Exception {
        AtomicLong asked = new AtomicLong();
        offered(
                client(),
                "slow",
                request -> Mono.just(Source.of(
                        "numbers",
                        Flux.range(0, 1_000_000).map(i -> Frame.text("" + i)).doOnRequest(asked::addAndGet))));

        StepVerifier.create(caller.client().call(Call.to("slow")).next().flatMapMany(RemoteSource::frames), 3)
                .expectNextCount(3)
                .then(() -> assertThat(asked).hasValue(3))
                .thenCancel()
                .verify(PATIENCE);
    }

    @Test
    void call_cancelled_cancelsAtTheClient() throws Exception {
        CountDownLatch cancelled = new CountDownLatch(2);
        CountDownLatch read = new CountDownLatch(1);
        Flux<Frame> frames =
                Flux.<Frame>never().doOnSubscribe(reader -> read.countDown()).doOnCancel(cancelled::countDown);
        offered(
                client(),
                "endless",
                request -> Flux.concat(Mono.just(Source.of("never", frames)), Flux.<Source>never())
                        .doOnCancel(cancelled::countDown));

        Disposable call = caller.client()
                .call(Call.to("endless"))
                .flatMap(RemoteSource::frames)
                .subscribe();
        assertThat(read.await(20, TimeUnit.SECONDS)).isTrue();
        call.dispose();

        assertThat(cancelled.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void call_thatFails_keepsTheKindOfTheError() throws Exception {
        offered(client(), "full", request -> Flux.error(new ChannelFullException("no room")));
        offered(
                client(),
                "late",
                request -> Mono.just(Source.of("s", Flux.error(Failures.of(Code.LIMIT, "too many")))));

        assertThatThrownBy(() -> call("full"))
                .isInstanceOf(ChannelFullException.class)
                .hasMessage("no room");
        assertThatThrownBy(() -> call("late"))
                .hasMessage("too many")
                .satisfies(failure -> assertThat(Failures.code(failure)).isEqualTo(Code.LIMIT));
    }

    @Test
    void call_whenOfferIsCancelled_findsNoService() throws Exception {
        HubClient offering = client();
        offered(offering, "gone", says("here")).dispose();

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThatThrownBy(() -> call("gone"))
                        .satisfies(failure -> assertThat(Failures.code(failure)).isEqualTo(Code.NO_SERVICE)));

        // And the name is free again, for this client too.
        offered(offering, "gone", says("again"));
        assertThat(call("gone")).containsExactly("again");
    }

    @Test
    void call_whenItsClientIsLost_saysSo_andTheNextOneAnswers() throws Exception {
        HubClient lost = client();
        CountDownLatch called = new CountDownLatch(1);
        offered(lost, "fragile", request -> {
            called.countDown();
            return Flux.never();
        });
        BlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();
        caller.client().call(Call.to("fragile")).subscribe(source -> {}, failures::add);
        assertThat(called.await(20, TimeUnit.SECONDS)).isTrue();
        offered(client(), "fragile", says("still here"));

        lost.close().block(PATIENCE);

        assertThat(failures.poll(20, TimeUnit.SECONDS))
                .isInstanceOf(RemoteException.class)
                .hasMessageContaining("\"fragile\" was lost before its answer ended");
        for (int i = 0; i < 3; i++) {
            assertThat(call("fragile")).containsExactly("still here");
        }
    }

    @Test
    void clientThatLeftWhileAnotherRefused_isPassedOver() throws Exception {
        HubClient leaver = client();
        offered(
                client(),
                "busy",
                request -> leaver.close()
                        .then(Flux.interval(Duration.ofMillis(5))
                                .takeUntil(look -> hub.server().peers().size() == 3)
                                .then())
                        .thenMany(Flux.error(Failures.of(Code.UNAVAILABLE, "busy"))));
        offered(leaver, "busy", says("never"));
        offered(client(), "busy", says("here"));

        assertThat(call("busy")).containsExactly("here");
    }

    @Test
    void source_whenItsClientIsLost_saysSo() throws Exception {
        HubClient lost = client();
        offered(
                lost,
                "half",
                request -> Mono.just(Source.of("s", Flux.concat(Mono.just(Frame.text("first")), Flux.never()))));
        BlockingQueue<Object> signals = new LinkedBlockingQueue<>();
        caller.client().call(Call.to("half")).flatMap(RemoteSource::frames).subscribe(signals::add, signals::add);
        assertThat(signals.poll(20, TimeUnit.SECONDS)).isEqualTo(Frame.text("first"));

        lost.close().block(PATIENCE);

        assertThat((Throwable) signals.poll(20, TimeUnit.SECONDS))
                .isInstanceOf(RemoteException.class)
                .hasMessageContaining("\"half\" was lost before its answer ended");
    }

    @Test
    void call_refusedByOneThatLeaves_goesToTheNext() throws Exception {
        offered(client(), "leaving", request -> Flux.error(Failures.of(Code.UNAVAILABLE, "leaving")));
        offered(client(), "leaving", says("staying"));

        for (int i = 0; i < 4; i++) {
            assertThat(call("leaving")).containsExactly("staying");
        }
    }

    @Test
    void call_refusedWhenSourcesCame_isNotRepeated() throws Exception {
        AtomicLong calls = new AtomicLong();
        for (int i = 0; i < 2; i++) {
            offered(client(), "begun", request -> {
                calls.incrementAndGet();
                return Flux.concat(says("x").answer(request), Flux.error(Failures.of(Code.UNAVAILABLE, "leaving")));
            });
        }

        assertThatThrownBy(() -> call("begun")).hasMessage("leaving");
        assertThat(calls).hasValue(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"hub.swap", "channel.mine", "outlet.x", "echo", "session"})
    void offer_ofNameOfTheHub_isRefused(String name) {
        assertThatThrownBy(() -> client().offer(name, says("no")).blockFirst(PATIENCE))
                .hasMessageContaining("offer the service under another one")
                .satisfies(failure -> assertThat(Failures.code(failure)).isEqualTo(Code.BAD_REQUEST));
    }

    @Test
    void offer_ofNameThatIsTaken_isRefused() throws Exception {
        hub.server().service("mine", says("the hub"));
        HubClient client = client();

        assertThatThrownBy(() -> client.offer("mine", says("no")).blockFirst(PATIENCE))
                .hasMessageContaining("of its own");
        assertThatThrownBy(() -> client.offer("a//b", says("no")).blockFirst(PATIENCE))
                .isInstanceOf(InvalidNameException.class);
        offered(client, "once", says("yes"));
        assertThatThrownBy(() -> client.offer("once", says("no")).blockFirst(PATIENCE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("already");
        assertThat(call("mine")).containsExactly("the hub");
    }

    @Test
    void offer_withoutAdmin_isDenied() {
        hub.close().block(PATIENCE);
        AccessPolicy policy = (identity, verb, name) -> verb != Verb.ADMIN || name.startsWith("free/");
        hub = started(options(0).security(credentials -> Mono.just(Identity.ANONYMOUS), policy));
        HubClient client = client();

        assertThatThrownBy(() -> client.offer("other", says("no")).blockFirst(PATIENCE))
                .isInstanceOf(AccessDeniedException.class);
        assertThat(client.offer("free/one", says("yes")).blockFirst(PATIENCE)).isEqualTo(OfferState.STANDS);
    }

    @Test
    void offer_whenTheHubIsStartedAnew_isMadeAgain() throws Exception {
        BlockingQueue<OfferState> states = new LinkedBlockingQueue<>();
        HubClient offering = client();
        Disposable offer = offering.offer("steady", says("here")).subscribe(states::add);
        assertThat(next(states)).isEqualTo(OfferState.STANDS);
        int port = port();

        hub.close().block(PATIENCE);
        assertThat(next(states)).isEqualTo(OfferState.LOST);
        hub = started(options(port));

        assertThat(next(states)).isEqualTo(OfferState.STANDS);
        assertThat(call("steady")).containsExactly("here");
        offer.dispose();
    }

    private static @Nullable OfferState next(BlockingQueue<OfferState> states) throws InterruptedException {
        return states.poll(20, TimeUnit.SECONDS);
    }

    @Test
    void drain_doesNotWaitForOffers() throws Exception {
        offered(client(), "idle", says("here"));

        StepVerifier.create(hub.drain()).expectComplete().verify(Duration.ofSeconds(10));
    }
}
