package dev.sluice.channel.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.sluice.ChannelClosedException;
import dev.sluice.ChannelExistsException;
import dev.sluice.Frame;
import dev.sluice.InvalidNameException;
import dev.sluice.channel.BroadcastOptions;
import dev.sluice.channel.BroadcastResult;
import dev.sluice.channel.Channel;
import dev.sluice.channel.ChannelEvent.Created;
import dev.sluice.channel.ChannelEvent.Deleted;
import dev.sluice.channel.ChannelOptions;
import dev.sluice.channel.ChannelStats;
import dev.sluice.channel.Channels;
import dev.sluice.channel.SendResult;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import reactor.core.Scannable;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.subscriber.TestSubscriber;

/** A channel gets another name, and nobody who uses it notices. */
class RenameTest {

    private static final Frame TEA = Frame.text("tea");
    private static final Frame MILK = Frame.text("milk");

    private final Channels channels = Channels.inMemory();

    private void rename(String from, String to) {
        StepVerifier.create(channels.rename(from, to)).expectNext(true).verifyComplete();
    }

    private static <T> TestSubscriber<T> subscribed(org.reactivestreams.Publisher<T> publisher) {
        TestSubscriber<T> subscriber = TestSubscriber.create();
        publisher.subscribe(subscriber);
        return subscriber;
    }

    @Test
    void rename_takesTheChannelWithAllThatIsInItToTheOtherName() {
        Channel<Frame> channel = channels.channel("a");
        channel.send(TEA).block();

        rename("a", "b/c");

        assertThat(channels.channel("b/c")).isSameAs(channel);
        assertThat(channel.receive().blockFirst()).isEqualTo(TEA);
        StepVerifier.create(channels.find("a")).verifyComplete();
        StepVerifier.create(channels.list("")).expectNext("b/c").verifyComplete();
        assertThat(channels.channel("a")).isNotSameAs(channel);
    }

    @Test
    void rename_isNotNoticedByWhoeverSendsReceivesOrListens() {
        Channel<Frame> channel = channels.create(
                        "a", ChannelOptions.builder().capacity(0).build())
                .block();
        TestSubscriber<Frame> receiver =
                TestSubscriber.builder().initialRequest(0).build();
        channel.receive().subscribe(receiver);
        TestSubscriber<Frame> listener = subscribed(channel.listen());
        TestSubscriber<Void> waiting = subscribed(channel.send(TEA));

        rename("a", "b");

        assertThat(waiting.isTerminated()).isFalse();
        receiver.request(2);
        assertThat(waiting.isTerminatedComplete()).isTrue();
        channel.send(MILK).block();
        assertThat(receiver.getReceivedOnNext()).containsExactly(TEA, MILK);
        assertThat(listener.getReceivedOnNext()).containsExactly(TEA, MILK);
        assertThat(channels.channel("b").trySend(TEA)).isEqualTo(SendResult.FULL);
    }

    @Test
    void rename_changesTheNameInStatisticsMessagesAndDescriptionsMadeBefore() {
        Channel<Frame> channel = channels.channel("a");
        Mono<Void> send = channel.send(TEA);
        Mono<ChannelStats> stats = channel.stats();
        var receive = channel.receive("g");
        var acked = channel.receiveAcked("g");
        var listen = channel.listen();
        TestSubscriber<Frame> receiver = subscribed(receive);

        rename("a", "b");

        assertThat(channel.name()).isEqualTo("b");
        assertThat(stats.block().name()).isEqualTo("b");
        assertThat(channel.toString()).contains("Channel[b,");
        assertThat(Scannable.from(channel).name()).isEqualTo("b");
        assertThat(Scannable.from(send).name()).isEqualTo("send(b)");
        assertThat(Scannable.from(receive).name()).isEqualTo("receive(b, g)");
        assertThat(Scannable.from(receive).stepName()).isEqualTo("receive(b, g)");
        assertThat(Scannable.from(acked).name()).isEqualTo("receiveAcked(b, g)");
        assertThat(Scannable.from(listen).name()).isEqualTo("listen(b)");
        assertThat(receiver.scan(Scannable.Attr.ACTUAL)).isNull();
        assertThat(Scannable.from(receiver.scan(Scannable.Attr.PARENT)).name()).isEqualTo("receive(b, g)");
        channel.close();
        StepVerifier.create(send)
                .expectErrorSatisfies(error -> assertThat(error)
                        .isInstanceOf(ChannelClosedException.class)
                        .hasMessageContaining("'b'"))
                .verify();
    }

    @Test
    void rename_isToldAsDeletedAndCreated() {
        channels.channel("a");
        var events = subscribed(channels.events());

        rename("a", "b");
        rename("b", "a");

        assertThat(events.getReceivedOnNext())
                .containsExactly(new Deleted("a"), new Created("b"), new Deleted("b"), new Created("a"));
    }

    @Test
    void rename_isLazyAndHappensForEachSubscriber() {
        channels.channel("a");

        Mono<Boolean> renaming = channels.rename("a", "b");

        assertThat(channels.find("a").block()).isNotNull();
        assertThat(renaming.block()).isTrue();
        assertThat(renaming.block()).isFalse();
    }

    @Test
    void rename_ofNothing_isFalseWhateverTheOtherNameIs() {
        channels.channel("b");

        StepVerifier.create(channels.rename("a", "b")).expectNext(false).verifyComplete();
        StepVerifier.create(channels.rename("a", "a")).expectNext(false).verifyComplete();

        assertThat(channels.count().block()).isEqualTo(1);
    }

    @Test
    void rename_toATakenName_failsAndChangesNothing() {
        Channel<Frame> channel = channels.channel("a");
        Channel<Frame> taken = channels.channel("b");
        taken.close();
        var events = subscribed(channels.events());

        StepVerifier.create(channels.rename("a", "b"))
                .expectErrorSatisfies(error -> assertThat(error)
                        .isInstanceOf(ChannelExistsException.class)
                        .hasMessageContaining("\"a\"")
                        .hasMessageContaining("\"b\"")
                        .hasMessageContaining("delete"))
                .verify();

        assertThat(channels.channel("a")).isSameAs(channel);
        assertThat(channels.channel("b")).isSameAs(taken);
        assertThat(channel.name()).isEqualTo("a");
        assertThat(events.getReceivedOnNext()).isEmpty();
        assertThat(channels.deleteIfIdle("a").block())
                .as("nobody would miss it still")
                .isTrue();
    }

    @Test
    void rename_toItself_changesNothing() {
        Channel<Frame> channel = channels.channel("a");
        var events = subscribed(channels.events());

        rename("a", "a");

        assertThat(channels.channel("a")).isSameAs(channel);
        assertThat(events.getReceivedOnNext()).isEmpty();
    }

    @Test
    void rename_withABadName_fails() {
        channels.channel("a");

        StepVerifier.create(channels.rename("a", "b//c")).verifyError(InvalidNameException.class);
        StepVerifier.create(channels.rename("../a", "b")).verifyError(InvalidNameException.class);
        assertThatNullPointerException()
                .isThrownBy(() -> channels.rename(null, "b"))
                .withMessage("from");
        assertThatNullPointerException()
                .isThrownBy(() -> channels.rename("a", null))
                .withMessage("to");
        assertThat(channels.find("a").block()).isNotNull();
    }

    @Test
    void rename_ofAClosedChannel_takesWhatIsLeft() {
        Channel<Frame> channel = channels.channel("a");
        channel.send(TEA).block();
        channel.close();

        rename("a", "b");

        StepVerifier.create(channels.channel("b").receive()).expectNext(TEA).verifyComplete();
    }

    @Test
    void rename_saysHowTheChannelIsToBe_soItDoesNotExpire() {
        Channel<Frame> channel = channels.channel("a");

        rename("a", "b");

        assertThat(channels.deleteIfIdle("b").block()).isFalse();
        assertThat(channels.channel("b")).isSameAs(channel);
        assertThat(channels.delete("b").block()).isTrue();
        assertThat(channel.isClosed()).isTrue();
    }

    @Test
    void rename_ofOneThatHasExpired_isFalse() {
        MemoryChannel<Frame> channel = (MemoryChannel<Frame>) channels.channel("a");
        assertThat(channel.expire()).isNotNull();

        StepVerifier.create(channels.rename("a", "b")).expectNext(false).verifyComplete();

        StepVerifier.create(channels.find("b")).verifyComplete();
    }

    @Test
    void rename_inAClosedRegistry_isFalse() {
        channels.channel("a");
        channels.close().block();

        StepVerifier.create(channels.rename("a", "b")).expectNext(false).verifyComplete();
    }

    @Test
    void rename_whileStatisticsAreReadPageByPage_keepsTheirOrder() {
        List.of("a", "b", "c", "d").forEach(channels::channel);
        TestSubscriber<ChannelStats> reading =
                TestSubscriber.builder().initialRequest(1).build();
        channels.stats("").subscribe(reading);

        rename("b", "z");
        rename("d", "A");
        reading.request(10);

        assertThat(reading.getReceivedOnNext())
                .extracting(ChannelStats::name)
                .isSorted()
                .contains("a", "c")
                .doesNotContain("A", "b", "d");
    }

    @Test
    void rename_whileABroadcastIsUnderWay_doesNotReachTheChannelTwice() {
        channels.channel("a").receive().take(1).subscribe(frame -> rename("a", "z"));
        channels.channel("b");

        BroadcastResult result = channels.broadcast("", TEA).block();

        assertThat(channels.channel("z").stats().block().accepted()).isEqualTo(1);
        assertThat(result.outcomes()).containsOnlyKeys("a", "b");
        assertThat(channels.broadcast("", TEA).block().outcomes()).containsOnlyKeys("b", "z");
    }

    @Test
    void rename_whileABroadcastWaits_leavesItItsPlace() {
        Channel<Frame> channel = channels.create(
                        "a", ChannelOptions.builder().capacity(0).build())
                .block();
        TestSubscriber<BroadcastResult> broadcast = subscribed(channels.broadcast("", TEA, BroadcastOptions.WAIT));

        rename("a", "b");
        assertThat(channel.receive().blockFirst()).isEqualTo(TEA);

        assertThat(broadcast.getReceivedOnNext())
                .singleElement()
                .satisfies(
                        result -> assertThat(result.outcomes()).containsEntry("a", BroadcastResult.Outcome.ACCEPTED));
    }

    @Test
    void rename_whereChannelsAreElsewhere_isRefusedWithTheRemedy() {
        Channels elsewhere = (Channels) Proxy.newProxyInstance(
                Channels.class.getClassLoader(), new Class<?>[] {Channels.class}, InvocationHandler::invokeDefault);

        StepVerifier.create(elsewhere.rename("a", "b"))
                .expectErrorSatisfies(error -> assertThat(error)
                        .isInstanceOf(UnsupportedOperationException.class)
                        .hasMessageContaining("\"a\"")
                        .hasMessageContaining("elsewhere"))
                .verify();
    }

    @Test
    void race_whoLooksForAChannelThatIsRenamed_findsItUnderOneNameOrTheOther() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(2);
        try {
            for (int round = 0; round < 2_000; round++) {
                Channel<Frame> channel = channels.channel("a");
                boolean leaving = round % 2 == 0;
                CyclicBarrier start = new CyclicBarrier(2);
                Future<Boolean> renamed = pool.submit(renaming("a", "b", start));
                Future<Boolean> seen = pool.submit(() -> {
                    start.await();
                    return leaving ? goneFrom("a") && isAt("b", channel) : goneTo("b") && !isAt("a", channel);
                });

                assertThat(renamed.get()).isTrue();
                assertThat(seen.get())
                        .as("found as if it had one name at a time")
                        .isTrue();
                channels.delete("b").block();
            }
        } finally {
            pool.shutdown();
        }
    }

    /** Looks until there is no channel of a name. */
    private boolean goneFrom(String name) {
        while (channels.find(name).block() != null) {
            Thread.onSpinWait();
        }
        return true;
    }

    /** Looks until there is a channel of a name. */
    private boolean goneTo(String name) {
        while (channels.find(name).block() == null) {
            Thread.onSpinWait();
        }
        return true;
    }

    private boolean isAt(String name, Channel<Frame> channel) {
        return channels.find(name).block() == channel;
    }

    @Test
    void race_renamesToOneName_oneWins() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(2);
        try {
            for (int round = 0; round < 2_000; round++) {
                channels.channel("a");
                channels.channel("b");
                CyclicBarrier start = new CyclicBarrier(2);
                Future<Boolean> a = pool.submit(renaming("a", "c", start));
                Future<Boolean> b = pool.submit(renaming("b", "c", start));

                assertThat(a.get()).isNotEqualTo(b.get());
                StepVerifier.create(channels.list(""))
                        .expectNext(a.get() ? "b" : "a", "c")
                        .verifyComplete();
                List.of("a", "b", "c").forEach(name -> channels.delete(name).block());
            }
        } finally {
            pool.shutdown();
        }
    }

    private Callable<Boolean> renaming(String from, String to, CyclicBarrier start) {
        return () -> {
            start.await();
            return Objects.requireNonNull(channels.rename(from, to)
                    .onErrorReturn(ChannelExistsException.class, false)
                    .block());
        };
    }
}
