package dev.sluice.rsocket.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.ConnectionLostException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.rsocket.exceptions.ConnectionErrorException;
import io.rsocket.frame.ErrorFrameCodec;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

@ExtendWith(NoLeaks.class)
class NettyConnectionTest {

    private static final Duration SOON = Duration.ofSeconds(10);

    private BoundServer server;
    private NettyConnection client;
    private NettyConnection accepted;

    @AfterEach
    void close() {
        client.dispose();
        server.dispose();
        server.onClose().block(SOON);
        client.onClose().onErrorComplete().block(SOON);
        await().until(() -> client.pending() == 0 && accepted.pending() == 0);
    }

    private void connect(boolean webSocket, int longestAtServer) {
        CompletableFuture<NettyConnection> first = new CompletableFuture<>();
        server = Transports.bind(
                        options(webSocket, 0).longestFrame(longestAtServer).build(), connection -> {
                            first.complete(connection);
                            return Mono.never();
                        })
                .block(SOON);
        client = (NettyConnection)
                Transports.client(options(webSocket, server.address().getPort()).build())
                        .connect()
                        .block(SOON);
        accepted = first.join();
    }

    private static TransportOptions.Builder options(boolean webSocket, int port) {
        return webSocket ? TransportOptions.webSocket("127.0.0.1", port) : TransportOptions.tcp("127.0.0.1", port);
    }

    private static ByteBuf frame(int bytes, int mark) {
        return Unpooled.directBuffer(bytes).writeInt(mark).writeZero(bytes - 4);
    }

    /** Collects the first number and the length of each frame. */
    private static List<String> collect(NettyConnection from, AtomicReference<Throwable> end) {
        List<String> frames = new CopyOnWriteArrayList<>();
        from.receive().subscribe(frame -> frames.add(frame.getInt(0) + ":" + frame.readableBytes()), end::set);
        return frames;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void frames_ofAllSizesAndFromManyThreads_arriveWholeAndInOrder(boolean webSocket) {
        connect(webSocket, TransportOptions.LONGEST_FRAME);
        List<String> received = collect(accepted, new AtomicReference<>());
        int[] sizes = {6, 1024, 1025, 61_440, 300_000, 7, 2_000_000, 16 << 10, 8};
        for (int i = 0; i < sizes.length; i++) {
            client.sendFrame(1, frame(sizes[i], i));
        }
        await().until(() -> received.size() == sizes.length);
        for (int i = 0; i < sizes.length; i++) {
            assertThat(received.get(i)).isEqualTo(i + ":" + sizes[i]);
        }
        await().until(() -> client.pending() == 0);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void pending_whileThePeerDoesNotRead_countsWhatWasNotWritten(boolean webSocket) {
        connect(webSocket, TransportOptions.LONGEST_FRAME);
        int frames = 400;
        for (int i = 0; i < frames; i++) {
            client.sendFrame(1, frame(100_000, i));
        }
        // Nobody has subscribed at the other end, so only the buffers of the sockets empty what is pending.
        assertThat(client.pending()).isBetween(100_000L, frames * 100_000L);
        CompletableFuture<Long> low = new CompletableFuture<>();
        CompletableFuture<Long> other = new CompletableFuture<>();
        client.whenPendingAtMost("one", 40_000, () -> low.completeExceptionally(new AssertionError("was replaced")));
        client.whenPendingAtMost("one", 50_000, () -> low.complete(client.pending()));
        client.whenPendingAtMost("other", 50_000, () -> other.complete(client.pending()));
        // They are taken down on the event loop, which is still busy with the frames.
        CompletableFuture.runAsync(() -> {}, client.eventLoop()).join();
        assertThat(low).isNotDone();
        List<String> received = collect(accepted, new AtomicReference<>());
        assertThat(low.orTimeout(20, java.util.concurrent.TimeUnit.SECONDS).join())
                .isLessThanOrEqualTo(50_000);
        assertThat(other.join()).isLessThanOrEqualTo(50_000);
        await().until(() -> received.size() == frames && client.pending() == 0);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void readWhilePendingAtMost_forAPeerThatReadsNoAnswers_readsNoFurther(boolean webSocket) {
        connect(webSocket, TransportOptions.LONGEST_FRAME);
        accepted.readWhilePendingAtMost(1_000_000);
        AtomicLong most = new AtomicLong();
        accepted.receive()
                .subscribe(
                        frame -> {
                            accepted.sendFrame(1, frame(100_000, frame.getInt(0)));
                            most.accumulateAndGet(accepted.pending(), Math::max);
                        },
                        failure -> {});
        int frames = 400;
        for (int i = 0; i < frames; i++) {
            client.sendFrame(1, frame(100_000, i));
        }
        await().until(() -> accepted.pending() > 1_000_000);
        List<String> answers = collect(client, new AtomicReference<>());
        await().until(() -> answers.size() == frames);
        assertThat(most.get()).isLessThan(3_000_000);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void reading_switchedOff_deliversNothingUntilItIsOnAgain(boolean webSocket) {
        connect(webSocket, TransportOptions.LONGEST_FRAME);
        List<String> received = new CopyOnWriteArrayList<>();
        accepted.receive()
                .subscribe(
                        frame -> {
                            received.add("" + frame.getInt(0));
                            accepted.reading(frame.getInt(0) != 0);
                        },
                        failure -> {});
        for (int i = 0; i < 400; i++) {
            client.sendFrame(1, frame(100_000, i));
        }
        await().until(() -> !received.isEmpty());
        // What is pending shows that the sockets are full, and still only the first was delivered.
        assertThat(client.pending()).isGreaterThan(1_000_000);
        assertThat(received).containsExactly("0");
        accepted.reading(true);
        await().until(() -> received.size() == 400);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void frame_longerThanTheLongest_endsTheConnectionWithAReason(boolean webSocket) {
        connect(webSocket, 1000);
        AtomicReference<Throwable> end = new AtomicReference<>();
        List<String> received = collect(accepted, end);
        client.sendFrame(1, frame(1000, 1));
        client.sendFrame(1, frame(1001, 2));
        await().untilAtomic(end, org.hamcrest.Matchers.notNullValue());
        assertThat(end.get()).isInstanceOf(ConnectionLostException.class).hasMessageContaining("1000");
        assertThat(received).containsExactly("1:1000");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void receive_whenThePeerCloses_endsWithClosedChannel(boolean webSocket) {
        connect(webSocket, TransportOptions.LONGEST_FRAME);
        AtomicReference<Throwable> end = new AtomicReference<>();
        List<String> received = collect(accepted, end);
        client.dispose();
        await().untilAtomic(end, org.hamcrest.Matchers.instanceOf(ClosedChannelException.class));
        assertThat(received).isEmpty();
        accepted.onClose().block(SOON);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void sendErrorAndClose_behindOtherFrames_deliversAllThenCloses(boolean webSocket) {
        connect(webSocket, TransportOptions.LONGEST_FRAME);
        List<String> received = new CopyOnWriteArrayList<>();
        AtomicReference<Throwable> end = new AtomicReference<>();
        accepted.receive()
                .subscribe(
                        frame -> received.add(
                                frame.readableBytes() == 70_000 ? "data" : ErrorFrameCodec.dataUtf8(frame)),
                        end::set);
        client.sendFrame(1, frame(70_000, 1));
        client.sendErrorAndClose(new ConnectionErrorException("enough"));
        client.sendFrame(1, frame(70_000, 2));
        await().untilAtomic(end, org.hamcrest.Matchers.instanceOf(ClosedChannelException.class));
        assertThat(received).containsExactly("data", "enough");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void dispose_amidFrames_leavesNothingPending(boolean webSocket) {
        connect(webSocket, TransportOptions.LONGEST_FRAME);
        collect(accepted, new AtomicReference<>());
        for (int i = 0; i < 200; i++) {
            client.sendFrame(1, frame(i % 2 == 0 ? 100 : 50_000, i));
            if (i == 150) {
                client.dispose();
            }
        }
        client.onClose().block(SOON);
        await().until(() -> client.pending() == 0);
    }
}
