package dev.sluice.switching;

import static dev.sluice.switching.Ends.LONG;
import static dev.sluice.switching.Ends.channel;
import static dev.sluice.switching.Ends.drain;
import static dev.sluice.switching.Ends.sendNow;
import static dev.sluice.switching.Ends.subscribe;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.channel.Channel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import reactor.core.Scannable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.test.subscriber.TestSubscriber;

class SinkholeTest {

    @Test
    void everything_isAcceptedAndCounted() {
        Sinkhole<Integer> sinkhole = Sinkhole.create("null");

        sendNow(sinkhole, 1, 2);
        sinkhole.send(3).block(LONG);
        assertThat(sinkhole.sendAll(Flux.range(0, 1000)).block(LONG)).isEqualTo(1000);

        assertThat(sinkhole.count()).isEqualTo(1003);
    }

    @Test
    void elements_goToTheHook_andSomeToTheSampler() {
        List<Integer> discarded = new ArrayList<>();
        List<Integer> samples = new ArrayList<>();
        Sinkhole<Integer> sinkhole = Sinkhole.<Integer>builder("null")
                .onDiscard(discarded::add)
                .sample(3, samples::add)
                .build();

        sinkhole.sendAll(Flux.range(1, 10)).block(LONG);

        assertThat(discarded).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
        assertThat(samples).containsExactly(3, 6, 9);
    }

    @Test
    void waitingSends_thatAreMovedHere_areDiscardedToo() {
        List<Integer> discarded = new ArrayList<>();
        Channel<Integer> full = channel("full", 0);
        SwitchableSink<Integer> sink = SwitchableSink.create("sink", full);
        List<TestSubscriber<Void>> sends = List.of(subscribe(sink.send(1)), subscribe(sink.send(2)));
        TestSubscriber<Long> all = subscribe(sink.sendAll(Flux.just(3, 4)));
        Sinkhole<Integer> sinkhole =
                Sinkhole.<Integer>builder("null").onDiscard(discarded::add).build();

        sink.switchTo(sinkhole).block(LONG);

        assertThat(sends).allMatch(TestSubscriber::isTerminatedComplete);
        assertThat(all.isTerminatedComplete()).isTrue();
        assertThat(discarded).containsExactly(1, 2, 3, 4);
        assertThat(sinkhole.count()).isEqualTo(4);
        assertThat(drain(full)).isEmpty();
    }

    @Test
    void hookThatThrows_isNoneOfTheSendersBusiness() {
        List<String> dropped = new ArrayList<>();
        Hooks.onErrorDropped(error -> dropped.add(error.getMessage()));
        try {
            Sinkhole<Integer> sinkhole = Sinkhole.<Integer>builder("null")
                    .onDiscard(element -> {
                        throw new IllegalStateException("broken " + element);
                    })
                    .build();
            sendNow(sinkhole, 1, 2);
            assertThat(sinkhole.count()).isEqualTo(2);
        } finally {
            Hooks.resetOnErrorDropped();
        }
        assertThat(dropped).containsExactly("broken 1", "broken 2");
    }

    @Test
    void count_isExact_acrossSwitchesAndThreads() throws Exception {
        Sinkhole<Integer> sinkhole = Sinkhole.create("null");
        Sinkhole<Integer> other = Sinkhole.create("other");
        SwitchableSink<Integer> sink = SwitchableSink.create("sink", sinkhole);
        CountDownLatch sent = new CountDownLatch(3);
        for (int i = 0; i < 3; i++) {
            new Thread(() -> {
                        for (int n = 0; n < 50_000; n++) {
                            sink.trySend(n);
                        }
                        sent.countDown();
                    })
                    .start();
        }
        while (sent.getCount() > 0) {
            sink.switchTo(other).block(LONG);
            long idle = sinkhole.count();
            sink.switchTo(sinkhole).block(LONG);
            assertThat(sinkhole.count()).isGreaterThanOrEqualTo(idle);
        }

        assertThat(sinkhole.count() + other.count()).isEqualTo(150_000);
    }

    /** The tail word counts how often the gate was shut at one ticket; then a ticket is left out. */
    @Test
    void count_isExact_afterManySwitchesWithoutAnElement() {
        Sinkhole<Integer> sinkhole = Sinkhole.create("null");
        SwitchableSink<Integer> sink = SwitchableSink.create("sink", sinkhole);
        Channel<Integer> channel = channel("channel", 1);
        sendNow(sink, 1);
        for (int i = 0; i < 10_000; i++) {
            sink.switchTo(channel).block(LONG);
            sink.switchTo(sinkhole).block(LONG);
        }
        sendNow(sink, 2);

        assertThat(sinkhole.count()).isEqualTo(2);
    }

    @Test
    void sinkhole_isNamed_andChecksWhatItIsGiven() {
        Sinkhole<Integer> sinkhole = Sinkhole.create("null");

        assertThat(sinkhole.name()).isEqualTo("null");
        assertThat(Scannable.from(sinkhole).name()).isEqualTo("null");
        assertThat(sinkhole).hasToString("Sinkhole[null, 0 elements]");
        assertThatThrownBy(() -> Sinkhole.builder("null").sample(0, any -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("every");
        assertThatThrownBy(() -> sinkhole.trySend(null)).isInstanceOf(NullPointerException.class);
    }
}
