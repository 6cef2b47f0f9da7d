package dev.sluice.rsocket.outlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.Frame;
import dev.sluice.channel.NamePrefix;
import dev.sluice.channel.SwitchableSender;
import dev.sluice.rsocket.security.Logs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.event.Level;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Many clients open, release, call off and vanish at random, an operator withdraws, openers are slow and fail now and then, closers complete later
 * and elsewhere and fail too.
 */
class OutletStormTest {

    private static final int THREADS = 4;
    private static final int CLIENTS = 2;
    private static final int STEPS = 6_000;
    private static final int MOST = 4;

    /** More than there is room for; those that begin with "w" are withdrawn by an operator. */
    private static final List<String> NAMES = List.of("a", "b", "c", "w1", "w2", "w3");

    private final Workshop workshop = new Workshop();
    private final AtomicInteger made = new AtomicInteger();
    private final AtomicInteger closed = new AtomicInteger();
    private final Queue<CompletableFuture<Void>> answers = new ConcurrentLinkedQueue<>();
    private OutletTable table = new OutletTable(OutletOptions.defaults());

    private SwitchableSender<Frame> make(String name) {
        linger(ThreadLocalRandom.current());
        if (ThreadLocalRandom.current().nextInt(8) == 0) {
            throw new IllegalStateException("no outlet this time");
        }
        made.incrementAndGet();
        SwitchableSender<Frame> outlet = workshop.make(name);
        if (workshop.live() > MOST) {
            workshop.violations.add("more than may be");
        }
        linger(ThreadLocalRandom.current());
        return outlet;
    }

    private Mono<Void> close(String name, SwitchableSender<Frame> outlet) {
        closed.incrementAndGet();
        Mono<Void> work = ThreadLocalRandom.current().nextInt(64) == 0
                ? Mono.error(new IllegalStateException("not this time"))
                : Mono.empty();
        boolean later = ThreadLocalRandom.current().nextBoolean();
        return (later ? work.subscribeOn(Schedulers.parallel()) : work)
                .doOnTerminate(() -> workshop.gone(name, outlet));
    }

    /** Work of some microseconds, which lets other threads come in between. */
    private static void linger(Random random) {
        long until = System.nanoTime() + random.nextInt(20_000);
        while (System.nanoTime() < until) {
            // Busy, as openers on event loops are.
        }
    }

    /** As the server knows it: what it has begun is called off when it is gone, and it leaves then, or as soon as it holds something after that. */
    private final class Client {
        private final Map<String, CompletableFuture<Void>> opens = new HashMap<>();
        private final List<Runnable> cancels = new ArrayList<>();
        private boolean gone;

        void open(String name) {
            CompletableFuture<Void> answer =
                    table.open(name, this, () -> make(name), this::held).toFuture();
            answers.add(answer);
            opens.put(name, answer);
            cancels.add(() -> answer.cancel(false));
        }

        private void held() {
            boolean leaves;
            synchronized (this) {
                leaves = gone;
            }
            if (leaves) {
                table.leave(this);
            }
        }

        void release(String name) {
            opens.remove(name);
            table.release(name, this);
        }

        void vanish() {
            synchronized (this) {
                gone = true;
            }
            cancels.forEach(Runnable::run);
            table.leave(this);
        }

        /** What it holds for certain is there. */
        void look(String name) {
            CompletableFuture<Void> answer = opens.get(name);
            if (answer != null && answer.isDone() && !answer.isCompletedExceptionally() && !name.startsWith("w")) {
                table.require(name);
            }
        }
    }

    private void play(long seed) {
        Random random = new Random(seed);
        Client[] clients = new Client[CLIENTS];
        IntStream.range(0, CLIENTS).forEach(slot -> clients[slot] = new Client());
        for (int step = 0; step < STEPS; step++) {
            int slot = random.nextInt(CLIENTS);
            String name = NAMES.get(random.nextInt(NAMES.size()));
            int what = random.nextInt(100);
            linger(random);
            if (what < 15) {
                clients[slot].open(name);
            } else if (what < 85) {
                clients[slot].look(name);
                clients[slot].release(name);
            } else if (what < 90) {
                clients[slot].vanish();
                clients[slot] = new Client();
            } else if (what < 95) {
                clients[slot].opens.computeIfPresent(name, (same, answer) -> answer.cancel(false) ? null : answer);
            } else if (name.startsWith("w")) {
                table.remove(name);
            } else {
                clients[slot].look(name);
            }
        }
        List.of(clients).forEach(Client::vanish);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 200})
    void outlets_inAStorm_areMadeOneAtATimeAndClosedOnceEach(long idleMicros) throws Exception {
        table = new OutletTable(OutletOptions.builder()
                .closer(this::close)
                .idle(Duration.ofNanos(idleMicros * 1_000))
                .maxOpened(MOST)
                .maxPerClient(MOST)
                .build());

        try (Logs failures = new Logs(Level.ERROR)) {
            List<CompletableFuture<Void>> players = IntStream.range(0, THREADS)
                    .mapToObj(player -> CompletableFuture.runAsync(
                            () -> play(player), command -> new Thread(command, "player " + player).start()))
                    .toList();
            players.forEach(CompletableFuture::join);
            assertThat(workshop.violations).isEmpty();

            assertThat(answers).hasSizeGreaterThan(THREADS * STEPS / 10);
            await().atMost(Machines.LONG).until(() -> answers.stream().allMatch(CompletableFuture::isDone));
            await().atMost(Machines.LONG).until(() -> workshop.live() == 0 && closed.get() == made.get());
            assertThat(table.list(NamePrefix.of(""))).isEmpty();
            assertThat(made).hasValueGreaterThan(STEPS / 60);

            // Nothing is counted any more: there is room for as many as ever, and none left behind that keeps the table
            // from closing.
            for (int one = 0; one < MOST; one++) {
                String name = "after/" + one;
                // One that was closed may still be counted for a moment.
                await().atMost(Machines.LONG)
                        .ignoreExceptions()
                        .untilAsserted(() -> table.open(name, this, () -> workshop.make(name), () -> {})
                                .block(Machines.LONG));
            }
            table.close().block(Machines.LONG);
            assertThat(workshop.live()).isZero();
            assertThat(workshop.violations).isEmpty();
            assertThat(failures.text()).contains("closer of outlet");
        }
    }
}
