package dev.sluice.rsocket.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.Frame;
import dev.sluice.Source;
import dev.sluice.rsocket.RemoteSource;
import dev.sluice.rsocket.SessionOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.subscriber.TestSubscriber;

/** Bytes that are produced and not yet consumed stay within the windows, whatever the sources, the frames and the consumers. */
class BoundedMemoryTest {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int FRAME = 1 << 20;
    private static final SessionOptions OPTIONS = SessionOptions.defaults();

    /** The session's window and a frame beyond it on its way, the mark of the connection, and what the link holds of one turn. */
    private static final long BOUND = OPTIONS.sessionWindow() + OPTIONS.highWaterMark() + 3L * FRAME;

    private final AtomicLong held = new AtomicLong();
    private final AtomicLong most = new AtomicLong();
    private final AtomicLong consumed = new AtomicLong();
    private final Scheduler elsewhere = Schedulers.newParallel("producers", 2);

    @AfterEach
    void end() {
        elsewhere.dispose();
    }

    private Frame produce() {
        long now = held.addAndGet(FRAME);
        most.accumulateAndGet(now, Math::max);
        return Frame.wrap(new byte[FRAME]);
    }

    private void consume(Frame frame) {
        held.addAndGet(-frame.size());
        consumed.incrementAndGet();
    }

    private void readSlowly(int sources, int each, Flux<Frame> frames) {
        try (Pair pair = new Pair()
                .serving("s", request -> Flux.range(0, sources).map(i -> Source.of("s", frames.take(each))))) {
            List<TestSubscriber<Frame>> readers = new ArrayList<>();
            Objects.requireNonNull(
                            pair.client.post("s", Frame.EMPTY).collectList().block(LONG))
                    .forEach(source -> readers.add(read(source)));

            // One after the other, an item at a time: at any moment nearly all of them are slow.
            for (int round = 0; round < each; round++) {
                readers.forEach(reader -> reader.request(1));
            }
            await().atMost(LONG).until(() -> consumed.get() == (long) sources * each);
        }
        assertThat(held).hasValue(0);
    }

    private TestSubscriber<Frame> read(RemoteSource source) {
        TestSubscriber<Frame> reader =
                TestSubscriber.builder().initialRequest(0).build();
        source.frames().doOnNext(this::consume).map(frame -> Frame.EMPTY).subscribe(reader);
        return reader;
    }

    @Test
    void producers_thatGiveAtOnce_produceNoMoreThanTheWindows() {
        readSlowly(1_000, 2, Flux.<Frame, Integer>generate(() -> 0, (state, sink) -> {
            sink.next(produce());
            return state;
        }));

        assertThat(most.get()).isLessThanOrEqualTo(BOUND);
    }

    /** Whoever gives on another thread cannot be told to wait once it was asked: each may hold one frame, and a few more are measured. */
    @Test
    void producers_onOtherThreads_produceNoMoreThanTheWindowsAndOneEach() {
        int sources = 50;
        readSlowly(
                sources,
                10,
                Flux.<Integer, Integer>generate(() -> 0, (state, sink) -> {
                            sink.next(state);
                            return state;
                        })
                        .publishOn(elsewhere, 1)
                        .map(i -> produce()));

        assertThat(most.get()).isLessThanOrEqualTo(BOUND + (long) sources * FRAME + 32L * FRAME);
    }
}
