package dev.sluice.rsocket.outlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sluice.ChannelNotFoundException;
import dev.sluice.Frame;
import dev.sluice.channel.SwitchableSender;
import dev.sluice.rsocket.security.Logs;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.core.publisher.Sinks;

/** From a name that is free to one that is free again: who calls opener and closer when, and who waits for it. */
class OutletTableTest extends TableFixture {

    @Test
    void release_byTheLastHolder_callsTheCloserOnce() {
        opened("grpc", "a");
        opened("grpc", "b");
        assertOpen("grpc 2");

        assertThat(table.release("grpc", "a")).isTrue();
        assertThat(table.release("grpc", "a")).isFalse();
        assertOpen("grpc 1");
        assertThat(workshop.events).containsExactly("make grpc");

        assertThat(table.release("grpc", "b")).isTrue();
        assertOpen();
        assertThat(workshop.events).containsExactly("make grpc", "close grpc");
    }

    @Test
    void leave_andRemove_callTheCloserOnceToo() {
        opened("grpc", "a");
        opened("http", "a");
        opened("http", "b");

        table.leave("a");
        assertOpen("http 1");
        assertThat(table.remove("http")).isTrue();
        assertThat(table.remove("http")).isFalse();
        table.leave("b");

        assertThat(workshop.events).containsExactly("make grpc", "make http", "close grpc", "close http");
    }

    @Test
    void remove_ofWhatTheApplicationOffers_callsNoCloser() {
        SwitchableSender<Frame> offered = workshop.make("probe");
        assertThat(table.offer("probe", offered)).isTrue();
        opened(open("probe", "a", () -> {
            throw new AssertionError("it is there");
        }));
        assertThat(table.release("probe", "a")).isFalse();
        assertOpen("probe 0");

        assertThat(table.remove("probe")).isTrue();
        assertThat(workshop.events).containsExactly("make probe");
    }

    @Test
    void open_whileTheCloserRuns_waitsUntilItHasCompleted() {
        Sinks.Empty<Void> closer = workshop.slow("grpc");
        opened("grpc", "a");
        table.release("grpc", "a");

        CompletableFuture<Void> second = open("grpc", "b");
        CompletableFuture<Void> third = open("grpc", "c");
        assertThat(second).isNotDone();
        assertOpen();
        assertThat(table.offer("grpc", Workshop.outlet())).isFalse();
        assertThat(table.remove("grpc")).isFalse();
        assertThat(workshop.events).containsExactly("make grpc", "close grpc");

        closer.tryEmitEmpty();
        assertThat(second).isCompleted();
        assertThat(third).isCompleted();
        assertOpen("grpc 2");
        assertThat(workshop.events).containsExactly("make grpc", "close grpc", "make grpc");
    }

    @Test
    void open_cancelledWhileTheCloserRuns_opensNothing() {
        Sinks.Empty<Void> closer = workshop.slow("grpc");
        opened("grpc", "a");
        table.release("grpc", "a");
        AtomicInteger held = new AtomicInteger();
        Disposable waiting = table.open("grpc", "b", () -> workshop.make("grpc"), held::incrementAndGet)
                .subscribe();

        waiting.dispose();
        closer.tryEmitEmpty();

        assertThat(held).hasValue(0);
        assertThat(workshop.events).containsExactly("make grpc", "close grpc");
    }

    @Test
    void open_cancelledWhenItsTurnHasCome_opensNothing() {
        Sinks.Empty<Void> closer = workshop.slow("grpc");
        opened("grpc", "a");
        table.release("grpc", "a");
        Disposable.Swap second = Disposables.swap();
        table.open("grpc", "b", () -> workshop.make("grpc"), second::dispose).subscribe();
        AtomicInteger held = new AtomicInteger();
        second.update(table.open("grpc", "c", () -> workshop.make("grpc"), held::incrementAndGet)
                .subscribe());

        closer.tryEmitEmpty();

        assertThat(held).hasValue(0);
        assertOpen("grpc 1");
    }

    @Test
    void open_cancelledWhileTheCloserRuns_isHeldNoMore() {
        workshop.slow("grpc");
        opened("grpc", "a");
        table.release("grpc", "a");

        WeakReference<Object> client = new WeakReference<>(new Object());
        table.open("grpc", Objects.requireNonNull(client.get()), () -> workshop.make("grpc"), () -> {})
                .subscribe()
                .dispose();

        await().atMost(Machines.LONG).until(() -> {
            System.gc();
            return client.get() == null;
        });
    }

    @Test
    void closer_thatFails_isLoggedAndFreesTheName() throws Exception {
        List<OutletOptions.Builder> failing = List.of(
                OutletOptions.builder().closer((name, outlet) -> Mono.error(new IllegalStateException("stuck"))),
                OutletOptions.builder().closer((name, outlet) -> {
                    throw new IllegalStateException("stuck");
                }),
                OutletOptions.builder().closer((name, outlet) -> nothing()),
                OutletOptions.builder().closer((name, outlet) -> subscriber -> {
                    Operators.complete(subscriber);
                    throw new InternalError("stuck behind the end");
                }));
        for (OutletOptions.Builder options : failing) {
            table = new OutletTable(options.maxOpened(1).build());
            try (Logs logs = new Logs(Level.ERROR)) {
                opened(open("grpc", "a", Workshop::outlet));
                table.release("grpc", "a");

                assertThat(logs.text())
                        .contains("closer of outlet \"grpc\" failed")
                        .containsAnyOf("stuck", "publisher");
            }
            opened(open("grpc", "a", Workshop::outlet));
            assertOpen("grpc 1");
            assertThatThrownBy(() -> opened("http", "a")).as("counted once").hasMessageContaining("maxOpened");
        }
    }

    @SuppressWarnings("NullAway") // what an application may do that does not check
    private static Mono<Void> nothing() {
        return null;
    }

    /** An opener that waits on its own thread, as none should, so that the test can look at what happens meanwhile. */
    private final class SlowOpener {
        private final CountDownLatch begun = new CountDownLatch(1);
        private final CountDownLatch go = new CountDownLatch(1);
        private final CompletableFuture<Void> opened = new CompletableFuture<>();
        private final Thread thread;

        SlowOpener(String name, Supplier<SwitchableSender<Frame>> then) throws InterruptedException {
            thread = new Thread(() -> table.open(
                            name,
                            "slow",
                            () -> {
                                begun.countDown();
                                awaitUninterruptibly(go);
                                return then.get();
                            },
                            () -> {})
                    .subscribe(null, opened::completeExceptionally, () -> opened.complete(null)));
            thread.start();
            begun.await();
        }

        /** Lets it go on, and sees it done with all it has to do. */
        void go() throws InterruptedException {
            go.countDown();
            thread.join();
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    @Test
    void open_whileTheOpenerRuns_waitsAndJoins() throws InterruptedException {
        SlowOpener first = new SlowOpener("grpc", () -> workshop.make("grpc"));
        CompletableFuture<Void> second = open("grpc", "b");
        assertThat(second).isNotDone();
        assertOpen();
        assertThatThrownBy(() -> table.require("grpc")).isInstanceOf(ChannelNotFoundException.class);
        assertThat(table.remove("grpc")).isFalse();
        assertThat(table.offer("grpc", Workshop.outlet())).isFalse();

        first.go();
        assertThat(second).isCompleted();
        assertOpen("grpc 2");
        assertThat(workshop.events).containsExactly("make grpc");
    }

    @Test
    void opener_thatFails_failsWhoHadItCalled_andTheOthersTryForThemselves() throws InterruptedException {
        SlowOpener first = new SlowOpener("grpc", () -> {
            throw new IllegalStateException("not mine");
        });
        CompletableFuture<Void> second = open("grpc", "b", () -> {
            throw new IllegalStateException("nor mine");
        });
        CompletableFuture<Void> third = open("grpc", "c");
        CompletableFuture<Void> fourth = open("grpc", "d");

        first.go();

        assertThat(first.opened).isCompletedExceptionally();
        assertThatThrownBy(() -> opened(second)).hasRootCauseMessage("nor mine");
        assertThat(third).isCompleted();
        assertThat(fourth).isCompleted();
        assertOpen("grpc 2");
        assertThat(table.release("grpc", "slow")).isFalse();
        assertThat(workshop.events).containsExactly("make grpc");
    }

    @Test
    void opener_thatMakesNothing_failsAndSaysSo() {
        assertThatThrownBy(() -> opened(open("grpc", "a", OutletTableTest::noOutlet)))
                .hasRootCauseInstanceOf(NullPointerException.class)
                .hasMessageContaining("opener made no outlet \"grpc\"");
        assertThat(table.offer("grpc", Workshop.outlet())).isTrue();
    }

    @SuppressWarnings("NullAway") // what an application may do that does not check
    private static SwitchableSender<Frame> noOutlet() {
        return null;
    }

    @Test
    void holders_whoLeaveWhileTheOpenerRuns_leaveNothingBehind() throws InterruptedException {
        SlowOpener first = new SlowOpener("grpc", () -> workshop.make("grpc"));
        CompletableFuture<Void> second = open("grpc", "b");
        table.leave("slow");
        assertThat(table.release("grpc", "b")).isTrue();

        first.go();

        assertThat(second).isCompleted();
        assertOpen();
        assertThat(workshop.events).containsExactly("make grpc", "close grpc");
    }

    @Test
    void leave_atOnceWhenItIsHeld_leavesNothingBehind() {
        opened(table.open("grpc", "gone", () -> workshop.make("grpc"), () -> table.leave("gone"))
                .toFuture());

        assertOpen();
        assertThat(workshop.events).containsExactly("make grpc", "close grpc");
    }

    @Test
    void close_withdrawsAllThroughTheCloser_andCompletesWithTheLast() throws InterruptedException {
        idle();
        opened("held", "a");
        opened("idle", "b");
        table.leave("b");
        table.offer("offered", Workshop.outlet());
        SlowOpener opening = new SlowOpener("opening", () -> workshop.make("opening"));
        CompletableFuture<Void> waiting = open("opening", "c");
        Sinks.Empty<Void> closer = workshop.slow("held");

        CompletableFuture<Void> closed = table.close().toFuture();
        assertOpen();
        CompletableFuture<Void> late = open("late", "a");
        assertThatThrownBy(() -> opened(late)).hasMessageContaining("outlets of this server are closed");
        assertThatThrownBy(() -> table.offer("more", Workshop.outlet()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("\"more\"");
        assertThat(closed).isNotDone();
        closer.tryEmitEmpty();
        assertThat(closed).as("one is being opened").isNotDone();
        opening.go();

        assertThat(closed).isCompleted();
        assertThat(opening.opened).isCompletedExceptionally();
        assertThat(waiting).isCompletedExceptionally();
        assertThat(clock.timers()).isZero();
        assertThat(workshop.events)
                .containsExactlyInAnyOrder(
                        "make held", "make idle", "close held", "close idle", "make opening", "close opening");
        opened(table.close().toFuture());
    }

    @Test
    void close_withNothingThere_completesAtOnce() {
        List<String> done = new ArrayList<>();
        table.close().subscribe(null, null, () -> done.add("done"));
        assertThat(done).containsExactly("done");
    }
}
