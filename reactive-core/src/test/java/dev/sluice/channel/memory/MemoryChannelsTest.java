package dev.sluice.channel.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.ChannelClosedException;
import dev.sluice.ChannelExistsException;
import dev.sluice.Frame;
import dev.sluice.InvalidNameException;
import dev.sluice.channel.Channel;
import dev.sluice.channel.ChannelOptions;
import dev.sluice.channel.ChannelStats;
import dev.sluice.channel.Channels;
import dev.sluice.channel.SendResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.subscriber.TestSubscriber;

class MemoryChannelsTest {

    private final Channels channels = Channels.inMemory();

    @Test
    void channel_sameName_isTheSameChannel() {
        Channel<Frame> channel = channels.channel("orders/eu");

        assertThat(channels.channel("orders/eu")).isSameAs(channel);
        assertThat(channels.channel("orders/us")).isNotSameAs(channel);
        assertThat(channel.name()).isEqualTo("orders/eu");
        assertThat(channels.count().block()).isEqualTo(2);
    }

    @Test
    void channel_hasTheRegistrysDefaults() {
        Channels small = Channels.inMemory(
                ChannelOptions.builder().name("ignored").capacity(7).build());

        assertThat(small.channel("a").capacity()).isEqualTo(7);
        assertThat(small.channel("a").name()).isEqualTo("a");
    }

    @Test
    void channel_fromManyThreads_isCreatedOnce() throws Exception {
        int threads = 4;
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            for (int round = 0; round < 500; round++) {
                String name = "race/" + round;
                CyclicBarrier start = new CyclicBarrier(threads);
                Callable<Channel<Frame>> getting = () -> {
                    start.await();
                    return channels.channel(name);
                };
                List<Future<Channel<Frame>>> results = new ArrayList<>();
                for (int i = 0; i < threads; i++) {
                    results.add(pool.submit(getting));
                }
                Set<Channel<Frame>> distinct = ConcurrentHashMap.newKeySet();
                for (Future<Channel<Frame>> result : results) {
                    distinct.add(result.get());
                }
                assertThat(distinct).hasSize(1);
            }
        } finally {
            pool.shutdown();
        }
    }

    @Test
    void channel_badName_isRefused() {
        assertThatThrownBy(() -> channels.channel("a//b")).isInstanceOf(InvalidNameException.class);
        assertThatNullPointerException()
                .isThrownBy(() -> channels.channel(null))
                .withMessage("name");
        assertThat(channels.count().block()).isZero();
    }

    @Test
    void create_isLazyAndFailsWhenTheNameIsTaken() {
        Mono<Channel<Frame>> create =
                channels.create("a", ChannelOptions.builder().capacity(3).build());
        assertThat(channels.count().block()).isZero();

        StepVerifier.create(create)
                .assertNext(channel -> assertThat(channel.capacity()).isEqualTo(3))
                .verifyComplete();

        StepVerifier.create(create)
                .expectErrorSatisfies(error -> assertThat(error)
                        .isInstanceOf(ChannelExistsException.class)
                        .hasMessageContaining("\"a\"")
                        .hasMessageContaining("delete"))
                .verify();
        StepVerifier.create(channels.create("/", ChannelOptions.defaults())).verifyError(InvalidNameException.class);
    }

    @Test
    void find_givesTheChannelOrNothing() {
        Channel<Frame> channel = channels.channel("a");

        StepVerifier.create(channels.find("a")).expectNext(channel).verifyComplete();
        StepVerifier.create(channels.find("b")).verifyComplete();
        StepVerifier.create(channels.find("")).verifyError(InvalidNameException.class);
        assertThat(channels.count().block()).isEqualTo(1);
    }

    @Test
    void delete_closesTheChannelAndFreesTheName() {
        Channel<Frame> channel = channels.create(
                        "a", ChannelOptions.builder().capacity(1).build())
                .block();
        channel.send(Frame.text("left")).block();
        TestSubscriber<Void> waiting = TestSubscriber.create();
        channel.send(Frame.text("waits")).subscribe(waiting);

        StepVerifier.create(channels.delete("a")).expectNext(true).verifyComplete();

        assertThat(waiting.expectTerminalError())
                .isInstanceOf(ChannelClosedException.class)
                .hasMessageContaining("a");
        StepVerifier.create(channel.receive()).expectNext(Frame.text("left")).verifyComplete();
        StepVerifier.create(channels.find("a")).verifyComplete();
        assertThat(channels.channel("a")).isNotSameAs(channel);
        StepVerifier.create(channels.delete("b")).expectNext(false).verifyComplete();
        StepVerifier.create(channels.delete("../a")).verifyError(InvalidNameException.class);
    }

    @Test
    void list_isSortedAndTakesPrefixes() {
        List.of("b", "a/2", "a/10", "a", "a-x", "ab/1").forEach(channels::channel);

        StepVerifier.create(channels.list(""))
                .expectNext("a", "a-x", "a/10", "a/2", "ab/1", "b")
                .verifyComplete();
        StepVerifier.create(channels.list("a")).expectNext("a", "a/10", "a/2").verifyComplete();
        StepVerifier.create(channels.list("a/*")).expectNext("a/10", "a/2").verifyComplete();
        StepVerifier.create(channels.list("nothing")).verifyComplete();
        StepVerifier.create(channels.list("a//")).verifyError(InvalidNameException.class);
    }

    @Test
    void list_whileNamesComeAndGo_hasEveryNameThatStays() {
        List.of("a", "b", "d", "f").forEach(channels::channel);
        TestSubscriber<String> listing =
                TestSubscriber.builder().initialRequest(1).build();
        channels.list("").subscribe(listing);
        assertThat(listing.getReceivedOnNext()).containsExactly("a");

        channels.channel("c");
        channels.delete("d").block();
        channels.channel("e");
        listing.request(Long.MAX_VALUE);

        assertThat(listing.getReceivedOnNext()).contains("a", "b", "f");
        assertThat(listing.getReceivedOnNext()).isSorted().doesNotHaveDuplicates();
        assertThat(listing.isTerminatedComplete()).isTrue();
    }

    @Test
    void list_isReadAtSubscription() {
        Flux<String> lazy = channels.list("a");

        channels.channel("a");

        StepVerifier.create(lazy).expectNext("a").verifyComplete();
        channels.delete("a").block();
        StepVerifier.create(lazy).verifyComplete();
    }

    @Test
    void stats_readsTheSelectedChannels() {
        channels.channel("a/1").send(Frame.EMPTY).block();
        channels.channel("a/2");
        channels.channel("b");

        StepVerifier.create(channels.stats("a/*"))
                .assertNext(stats -> assertThat(stats.accepted()).isEqualTo(1))
                .assertNext(stats -> assertThat(stats.name()).isEqualTo("a/2"))
                .verifyComplete();
        assertThat(channels.stats("").map(ChannelStats::name).collectList().block())
                .containsExactly("a/1", "a/2", "b");
    }

    @Test
    void close_closesChannelsAndCreatesNoMore() {
        Channel<Frame> channel = channels.channel("a");

        assertThat(channels.isClosed()).isFalse();
        channels.close().block();
        channels.close().block();

        assertThat(channels.isClosed()).isTrue();
        assertThat(channel.trySend(Frame.EMPTY)).isEqualTo(SendResult.CLOSED);
        assertThat(channels.count().block()).isZero();
        assertThatThrownBy(() -> channels.channel("a"))
                .isInstanceOf(ChannelClosedException.class)
                .hasMessageContaining("registry is closed");
        StepVerifier.create(channels.create("a", ChannelOptions.defaults())).verifyError(ChannelClosedException.class);
    }
}
