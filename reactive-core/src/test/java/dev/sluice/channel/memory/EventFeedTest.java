package dev.sluice.channel.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.channel.ChannelEvent;
import dev.sluice.channel.ChannelEvent.Created;
import dev.sluice.channel.ChannelEvent.Deleted;
import dev.sluice.channel.ChannelEvent.Missed;
import dev.sluice.channel.ChannelOptions;
import dev.sluice.channel.Channels;
import dev.sluice.channel.spi.EventFeed;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Hooks;
import reactor.test.StepVerifier;
import reactor.test.subscriber.TestSubscriber;

class EventFeedTest {

    private final Channels channels = Channels.inMemory();

    private TestSubscriber<ChannelEvent> subscribe(long demand) {
        TestSubscriber<ChannelEvent> subscriber =
                TestSubscriber.builder().initialRequest(demand).build();
        channels.events().subscribe(subscriber);
        return subscriber;
    }

    @Test
    void events_tellWhatHappensFromNowOn() {
        channels.channel("before");
        TestSubscriber<ChannelEvent> subscriber = subscribe(Long.MAX_VALUE);

        channels.channel("a");
        channels.channel("a");
        channels.create("b", ChannelOptions.defaults()).block();
        channels.delete("a").block();
        channels.delete("none").block();

        assertThat(subscriber.getReceivedOnNext())
                .containsExactly(new Created("a"), new Created("b"), new Deleted("a"));
        assertThat(subscriber.isTerminated()).isFalse();
    }

    @Test
    void events_slowSubscriber_isToldWhereEventsAreMissing() {
        TestSubscriber<ChannelEvent> slow = subscribe(0);
        TestSubscriber<ChannelEvent> fast = subscribe(Long.MAX_VALUE);
        for (int i = 0; i < EventFeed.BUFFER + 44; i++) {
            channels.channel("c/" + i);
        }

        slow.request(EventFeed.BUFFER);
        assertThat(slow.getReceivedOnNext()).hasSize(EventFeed.BUFFER).allMatch(Created.class::isInstance);
        slow.request(10);
        channels.delete("c/0").block();

        List<ChannelEvent> received = slow.getReceivedOnNext();
        assertThat(received.subList(EventFeed.BUFFER, received.size()))
                .containsExactly(new Missed(44), new Deleted("c/0"));
        assertThat(fast.getReceivedOnNext()).hasSize(EventFeed.BUFFER + 45).doesNotHaveAnyElementsOfTypes(Missed.class);
    }

    @Test
    void events_newOnesAfterAGap_waitBehindIt() {
        TestSubscriber<ChannelEvent> slow = subscribe(0);
        for (int i = 0; i < EventFeed.BUFFER + 1; i++) {
            channels.channel("c/" + i);
        }
        slow.request(1);
        channels.channel("late");

        slow.request(Long.MAX_VALUE);

        assertThat(slow.getReceivedOnNext()).hasSize(EventFeed.BUFFER + 1).endsWith(new Missed(2));
    }

    @Test
    void events_cancelled_areNoMoreDelivered() {
        TestSubscriber<ChannelEvent> subscriber = subscribe(Long.MAX_VALUE);

        subscriber.cancel();
        channels.channel("a");

        assertThat(subscriber.getReceivedOnNext()).isEmpty();
        assertThat(subscriber.getReceivedOnNextAfterCancellation()).isEmpty();
    }

    @Test
    void events_closedRegistry_completeAfterTheLast() {
        TestSubscriber<ChannelEvent> slow = subscribe(0);
        channels.channel("a");

        channels.close().block();

        assertThat(slow.isTerminated()).isFalse();
        slow.request(1);
        assertThat(slow.getReceivedOnNext()).containsExactly(new Created("a"));
        assertThat(slow.isTerminatedComplete()).isTrue();
        StepVerifier.create(channels.events()).verifyComplete();
    }

    @Test
    void events_changesFromWithinOnNext_areDeliveredAfterwardsInOrder() {
        List<ChannelEvent> seen = new ArrayList<>();
        channels.events().subscribe(event -> {
            if (event instanceof Created created && created.name().length() < 5) {
                channels.channel(created.name() + "x");
            }
            seen.add(event);
        });

        channels.channel("a");

        assertThat(seen)
                .containsExactly(
                        new Created("a"),
                        new Created("ax"),
                        new Created("axx"),
                        new Created("axxx"),
                        new Created("axxxx"));
    }

    @Test
    void events_subscriberThatThrows_leavesAndHurtsNobody() {
        List<Throwable> dropped = new ArrayList<>();
        Hooks.onErrorDropped(dropped::add);
        try {
            channels.events().subscribe(new Throwing());
            TestSubscriber<ChannelEvent> healthy = subscribe(Long.MAX_VALUE);

            channels.channel("a");
            channels.channel("b");

            assertThat(healthy.getReceivedOnNext()).containsExactly(new Created("a"), new Created("b"));
            assertThat(dropped).hasSize(1);
        } finally {
            Hooks.resetOnErrorDropped();
        }
    }

    /** Breaks rule 2.13. */
    private static final class Throwing implements org.reactivestreams.Subscriber<ChannelEvent> {
        @Override
        public void onSubscribe(org.reactivestreams.Subscription s) {
            s.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(ChannelEvent event) {
            throw new IllegalStateException("a subscriber that throws");
        }

        @Override
        public void onError(Throwable error) {}

        @Override
        public void onComplete() {}
    }

    /** Threads that create and delete the same few names: whoever follows the events ends with the same names. */
    @RepeatedTest(200)
    void events_underRace_mirrorTheRegistry() throws Exception {
        List<ChannelEvent> seen = new ArrayList<>();
        channels.events().subscribe(seen::add);
        ExecutorService pool = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                int odd = t;
                running.add(pool.submit(() -> {
                    for (int i = 0; i < 60; i++) {
                        String name = "n/" + (i * 7 + odd) % 3;
                        if ((i + odd) % 2 == 0) {
                            channels.channel(name);
                        } else {
                            channels.delete(name).block();
                        }
                    }
                }));
            }
            for (Future<?> thread : running) {
                thread.get();
            }
        } finally {
            pool.shutdown();
        }
        Set<String> left = Set.copyOf(
                Objects.requireNonNull(channels.list("").collectList().block()));
        channels.close().block();

        Set<String> mirror = new HashSet<>();
        for (ChannelEvent event : seen) {
            if (event instanceof Created created) {
                assertThat(mirror.add(created.name()))
                        .as("created while it existed")
                        .isTrue();
            } else if (event instanceof Deleted deleted) {
                assertThat(mirror.remove(deleted.name()))
                        .as("deleted while it did not exist")
                        .isTrue();
            } else {
                throw new AssertionError("the buffer has room for all of these, got " + event);
            }
        }
        assertThat(mirror).isEqualTo(left);
    }
}
