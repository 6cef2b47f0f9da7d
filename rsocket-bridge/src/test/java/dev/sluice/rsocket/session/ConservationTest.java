package dev.sluice.rsocket.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.Frame;
import dev.sluice.Source;
import dev.sluice.rsocket.Call;
import dev.sluice.rsocket.Nest;
import dev.sluice.rsocket.RemoteSource;
import dev.sluice.rsocket.Request;
import dev.sluice.rsocket.SessionOptions;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Calls both ways at random, with nests, uplinks, errors, cancels, slow consumers and other threads: what arrives is in order, once and complete, and
 * when all is over both sides have everything back.
 */
class ConservationTest {

    private static final SessionOptions SMALL = SessionOptions.builder()
            .sessionWindow(128 << 10)
            .streamWindow(16 << 10)
            .windowItems(8)
            .highWaterMark(64 << 10)
            .mostStreams(2_000)
            .build();

    private final ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();
    private final AtomicInteger frames = new AtomicInteger();

    /** Sources whose leaves say in their headers how many frames they have, or -1 when they fail or go on for ever. */
    private Flux<Source> sources(Random random, int depth) {
        int count = random.nextInt(5);
        long seed = random.nextLong();
        Flux<Source> all = Flux.range(0, count).map(i -> source(new Random(seed + i), depth));
        if (random.nextInt(10) == 0) {
            all = all.concatWith(Mono.error(new IllegalStateException("boom")));
        }
        return random.nextInt(3) == 0 ? all.publishOn(Schedulers.parallel(), 1) : all;
    }

    private Source source(Random random, int depth) {
        if (depth < 3 && random.nextInt(4) == 0) {
            return Nest.of(Frame.text("nest"), sources(random, depth + 1));
        }
        int count = random.nextInt(random.nextInt(5) == 0 ? 300 : 20);
        int most = random.nextInt(4) == 0 ? 60_000 : 500;
        long seed = random.nextLong();
        Flux<Frame> all = Flux.range(0, count)
                .map(i -> Frame.wrap(ByteBuffer.allocate(4 + new Random(seed + i).nextInt(most))
                        .putInt(0, i)
                        .array()));
        boolean fails = random.nextInt(8) == 0;
        if (fails) {
            all = all.concatWith(Mono.error(new IllegalStateException("boom")));
        }
        if (random.nextInt(2) == 0) {
            all = all.publishOn(Schedulers.parallel(), 1 + random.nextInt(20));
        }
        return Source.of(Frame.text("" + (fails ? -1 : count)), all);
    }

    private Mono<Void> consumeAll(Flux<RemoteSource> sources, Random random) {
        long seed = random.nextLong();
        AtomicInteger number = new AtomicInteger();
        Flux<RemoteSource> some = random.nextInt(5) == 0 ? sources.take(1 + random.nextInt(3)) : sources;
        int together = 1 + random.nextInt(4);
        return some.flatMap(source -> consume(source, new Random(seed + number.incrementAndGet())), together, together)
                .onErrorResume(error -> "boom".equals(error.getMessage()), error -> Flux.empty())
                .then();
    }

    private Mono<Void> consume(RemoteSource source, Random random) {
        if (random.nextInt(8) == 0) {
            source.discard();
            return Mono.empty();
        }
        if (source.isNest()) {
            return consumeAll(source.sources(), random);
        }
        int expected = Integer.parseInt(source.header().asText());
        AtomicInteger next = new AtomicInteger();
        Flux<Frame> frames = source.frames();
        switch (random.nextInt(4)) {
            case 0 -> frames = frames.publishOn(Schedulers.parallel());
            case 1 -> frames = frames.limitRate(1);
            case 2 -> frames = frames.publishOn(Schedulers.parallel(), 1 + random.nextInt(5));
            default -> {}
        }
        boolean cancels = random.nextInt(4) == 0;
        if (cancels) {
            frames = frames.takeUntilOther(Mono.delay(Duration.ofNanos(random.nextInt(3_000_000))));
        } else if (random.nextInt(4) == 0) {
            cancels = true;
            frames = frames.take(1 + random.nextInt(10));
        }
        boolean mayMiss = cancels || expected < 0;
        return frames.doOnNext(frame -> {
                    this.frames.incrementAndGet();
                    int is = frame.asByteBuffer().getInt();
                    int shouldBe = next.getAndIncrement();
                    if (is != shouldBe) {
                        wrong.add("frame " + is + " where " + shouldBe + " is next");
                    }
                })
                .doOnComplete(() -> {
                    if (!mayMiss && next.get() != expected) {
                        wrong.add(next + " frames of " + expected);
                    }
                })
                .onErrorResume(error -> "boom".equals(error.getMessage()), error -> Flux.empty())
                .then();
    }

    private Publisher<Source> serve(Request request) {
        long seed = Long.parseLong(request.body().asText());
        Random random = new Random(seed);
        Mono<Void> uplink = request.tags().isEmpty() || random.nextInt(4) == 0
                ? Mono.empty()
                : consumeAll(request.uplink(), random);
        return uplink.thenMany(sources(random, 1));
    }

    private Mono<Void> call(Session session, Random random) {
        Call call = Call.to("s").body(Frame.text("" + random.nextLong()));
        if (random.nextInt(3) == 0) {
            call = call.tag("uplink", "yes").uplink(sources(random, 1));
        }
        if (random.nextInt(3) == 0) {
            call = call.firstItems(random.nextInt(5));
        }
        return consumeAll(session.call(call), random);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void whatIsSent_arrivesOnceAndInOrder_andEverythingIsGivenBack(long seed) {
        try (Pair pair = new Pair(SMALL, SMALL)) {
            pair.serverServices.put("s", this::serve);
            pair.clientServices.put("s", this::serve);

            Flux.range(0, 200)
                    .flatMap(i -> call(i % 3 == 0 ? pair.server : pair.client, new Random(seed * 10_000 + i)), 24)
                    .blockLast(Duration.ofSeconds(30));

            assertThat(wrong).isEmpty();
            assertThat(frames.get()).isPositive();
            await().untilAsserted(() -> {
                assertEverythingIsBack(pair.client, pair.clientLink, pair.server, pair.serverLink);
                assertEverythingIsBack(pair.server, pair.serverLink, pair.client, pair.clientLink);
            });
        }
    }

    private static void assertEverythingIsBack(Session sender, LoopLink ofSender, Session receiver, LoopLink other) {
        long[] credit = new long[1];
        ofSender.onLoop(() -> {
            assertThat(sender.openStreams()).isZero();
            assertThat(sender.outbound().reserved()).isZero();
            credit[0] = sender.outbound().credit();
        });
        other.onLoop(() -> {
            assertThat(receiver.inbound().free()).isEqualTo(SMALL.sessionWindow());
            assertThat(receiver.inbound().credit()).isEqualTo(credit[0]);
        });
    }
}
