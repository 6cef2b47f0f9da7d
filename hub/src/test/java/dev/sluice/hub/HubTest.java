package dev.sluice.hub;

import static dev.sluice.hub.HubFixture.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sluice.ConnectionLostException;
import dev.sluice.Frame;
import dev.sluice.channel.Channel;
import dev.sluice.channel.ChannelOptions;
import dev.sluice.channel.Retention;
import dev.sluice.hub.control.HubClient;
import dev.sluice.hub.control.HubInfo;
import dev.sluice.rsocket.Call;
import dev.sluice.rsocket.RemoteSource;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

class HubTest {

    @Test
    void declaredChannels_areThereFromTheStart_withTheirGroups() {
        ChannelOptions options = ChannelOptions.builder()
                .capacity(7)
                .retention(Retention.last(3))
                .build();
        try (HubFixture fixture = HubFixture.start(hub -> hub.channel("news", options, List.of("archive", "web")))) {
            var stats = fixture.client().channels().stats("").blockFirst(PATIENCE);

            assertThat(stats.name()).isEqualTo("news");
            assertThat(stats.capacity()).isEqualTo(7);
            assertThat(stats.groups()).extracting("name").containsExactlyInAnyOrder("archive", "web");
        }
    }

    @Test
    void endpoints_tellWhereItListens() {
        try (HubFixture fixture = HubFixture.start()) {
            assertThat(fixture.hub().endpoints()).extracting("scheme").containsExactly("tcp", "ws", "http");
            assertThat(fixture.endpoint("ws").getPath()).isEqualTo("/rsocket");
            assertThat(fixture.endpoint("ws").getPort())
                    .isEqualTo(fixture.endpoint("http").getPort())
                    .isPositive();
        }
    }

    @Test
    void portThatIsTaken_failsTheStart_andGivesTheOtherUp() {
        try (HubFixture taken = HubFixture.start()) {
            HubOptions options = HubOptions.builder()
                    .tcp("127.0.0.1", 0)
                    .webSocket("127.0.0.1", taken.endpoint("ws").getPort())
                    .build();
            Hub second = Hub.create(options);

            assertThatThrownBy(() -> second.start().block(PATIENCE)).hasMessageContaining("bind");

            assertThat(second.channels().isClosed()).isTrue();
        }
    }

    @Test
    void info_tellsWhatTheHubIs() {
        try (HubFixture fixture = HubFixture.start()) {
            fixture.hub().channels().channel("a");

            HubInfo info = fixture.client().info().block(PATIENCE);

            assertThat(info.state()).isEqualTo("running");
            assertThat(info.engine()).isEqualTo("memory:");
            assertThat(info.channels()).isEqualTo(1);
            assertThat(info.sessions()).isEqualTo(1);
            assertThat(info.version()).isEqualTo(Version.current()).matches("\\d+\\..*");
        }
    }

    @Test
    void echo_answersWithWhatItWasSent_orWithAsManyFramesAsAskedFor() {
        try (HubFixture fixture = HubFixture.start()) {
            Flux<String> once = fixture.client()
                    .client()
                    .post("echo", Frame.text("hello"))
                    .concatMap(RemoteSource::frames)
                    .map(Frame::asText);
            Call many = Call.to("echo").tag("sources", "3").tag("frames", "4").tag("size", "10");

            assertThat(once.collectList().block(PATIENCE)).containsExactly("hello");
            assertThat(fixture.client()
                            .client()
                            .call(many)
                            .flatMap(RemoteSource::frames)
                            .map(Frame::size)
                            .collectList()
                            .block(PATIENCE))
                    .hasSize(12)
                    .containsOnly(10);
            assertThatThrownBy(() -> fixture.client()
                            .client()
                            .call(Call.to("echo").tag("sources", "many"))
                            .blockLast(PATIENCE))
                    .hasMessageContaining("sources");
        }
    }

    @Test
    void drain_letsWhatRunsFinish_takesNothingNew_andDoesNotWaitForReceivers() {
        try (HubFixture fixture = HubFixture.start(hub -> hub.drain(PATIENCE))) {
            Channel<Frame> full = fixture.hub().channels().channel("full");
            full.resize(0).block(PATIENCE);
            HubClient sender = fixture.client();
            CompletableFuture<Void> waiting =
                    sender.channels().channel("full").send(Frame.text("a")).toFuture();
            HubClient idle = fixture.client();
            CompletableFuture<Frame> endless =
                    idle.channels().channel("silent").receive().next().toFuture();
            await().until(() -> full.stats().block(PATIENCE).waitingSends() == 1);

            CompletableFuture<Void> drained = fixture.hub().drain().toFuture();
            await().until(() -> refuses(fixture));
            assertThat(drained).isNotDone();
            assertThat(waiting).isNotDone();
            full.receive().next().block(PATIENCE);

            assertThat(waiting.orTimeout(20, TimeUnit.SECONDS)).succeedsWithin(PATIENCE);
            assertThat(drained).succeedsWithin(PATIENCE);
            assertThat(endless).failsWithin(PATIENCE);
            assertThat(fixture.hub().channels().isClosed()).isTrue();
        }
    }

    private static boolean refuses(HubFixture fixture) {
        try {
            fixture.client().info().block(PATIENCE);
            return false;
        } catch (ConnectionLostException nobodyListens) {
            return true;
        }
    }

    @Test
    void drain_whenClientsHaveHadTheirAnswers_waitsForNothing() {
        try (HubFixture fixture = HubFixture.start(hub -> hub.drain(Duration.ofHours(1)))) {
            HubClient client = fixture.client();
            assertThat(client.info().block(PATIENCE)).isNotNull();
            assertThat(client.services().list("").collectList().block(PATIENCE)).isEmpty();
            Channel<Frame> channel = client.channels().channel("a");
            channel.send(Frame.text("1")).block(PATIENCE);
            assertThat(channel.receive().blockFirst(PATIENCE)).isEqualTo(Frame.text("1"));
            assertThat(channel.stats().block(PATIENCE)).isNotNull();

            assertThat(fixture.hub().drain().toFuture()).succeedsWithin(PATIENCE);
        }
    }

    @Test
    void drain_letsReceiversHaveWhatIsLeftForThem() {
        try (HubFixture fixture = HubFixture.start(hub -> hub.drain(PATIENCE))) {
            Channel<Frame> orders = fixture.hub().channels().channel("orders");
            for (int number = 0; number < 50; number++) {
                orders.send(Frame.text("" + number)).block(PATIENCE);
            }
            List<String> received = new CopyOnWriteArrayList<>();
            BaseSubscriber<Frame> slow = new BaseSubscriber<>() {
                @Override
                protected void hookOnSubscribe(Subscription subscription) {
                    subscription.request(1);
                }

                @Override
                protected void hookOnNext(Frame frame) {
                    received.add(frame.asText());
                }

                @Override
                protected void hookOnError(Throwable theHubIsGone) {}
            };
            fixture.client().channels().channel("orders").receive().subscribe(slow);
            await().until(() -> received.size() == 1);

            CompletableFuture<Void> drained = fixture.hub().drain().toFuture();
            await().until(() -> refuses(fixture));
            assertThat(drained).isNotDone();
            slow.request(49);

            assertThat(drained).succeedsWithin(PATIENCE);
            await().untilAsserted(() -> assertThat(received).hasSize(50));
        }
    }

    @Test
    void close_endsADrainAtOnce() {
        try (HubFixture fixture = HubFixture.start(hub -> hub.drain(Duration.ofHours(1)))) {
            Channel<Frame> full = fixture.hub().channels().channel("full");
            full.resize(0).block(PATIENCE);
            CompletableFuture<Void> waiting = fixture.client()
                    .channels()
                    .channel("full")
                    .send(Frame.text("a"))
                    .toFuture();
            await().until(() -> full.stats().block(PATIENCE).waitingSends() == 1);
            CompletableFuture<Void> drained = fixture.hub().drain().toFuture();

            fixture.hub().close().block(PATIENCE);

            assertThat(drained).succeedsWithin(PATIENCE);
            assertThat(waiting).failsWithin(PATIENCE);
        }
    }

    @Test
    void idleChannels_expire_butNotThoseThatWereCreatedOrUsedOrHoldSomething() {
        try (HubFixture fixture = HubFixture.start(hub -> hub.expireIdle(null))) {
            var channels = fixture.hub().channels();
            channels.channel("idle");
            channels.create("created", ChannelOptions.defaults()).block(PATIENCE);
            channels.channel("full").send(Frame.text("a")).block(PATIENCE);
            channels.channel("used");
            channels.channel("home");
            IdleChannels expiry = new IdleChannels(
                    channels, () -> Set.of("home"), Duration.ofMinutes(1), VirtualTimeScheduler.create());

            assertThat(expiry.look().block(PATIENCE)).isZero();
            channels.channel("used").send(Frame.text("a")).block(PATIENCE);
            channels.channel("used").receive().next().block(PATIENCE);
            assertThat(expiry.look().block(PATIENCE)).isEqualTo(1);
            assertThat(channels.list("").collectList().block(PATIENCE))
                    .containsExactly("created", "full", "home", "used");

            assertThat(expiry.look().block(PATIENCE)).isEqualTo(1);
            assertThat(channels.list("").collectList().block(PATIENCE)).containsExactly("created", "full", "home");
        }
    }

    @Test
    void idleChannels_expireByTheClock() {
        try (HubFixture fixture = HubFixture.start(hub -> hub.expireIdle(null))) {
            VirtualTimeScheduler clock = VirtualTimeScheduler.create();
            fixture.hub().channels().channel("idle");
            Disposable running =
                    new IdleChannels(fixture.hub().channels(), Set::of, Duration.ofMinutes(1), clock).start();

            clock.advanceTimeBy(Duration.ofMinutes(1));
            assertThat(count(fixture)).isEqualTo(1);
            clock.advanceTimeBy(Duration.ofMinutes(1));

            assertThat(count(fixture)).isZero();
            running.dispose();
        }
    }

    private static long count(HubFixture fixture) {
        Mono<Long> count = fixture.hub().channels().count();
        return count.blockOptional(PATIENCE).orElseThrow();
    }
}
