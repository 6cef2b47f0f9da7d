package dev.sluice.ninep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.Frame;
import dev.sluice.channel.Channel;
import dev.sluice.ninep.wire.Dialect;
import dev.sluice.ninep.wire.Type;
import dev.sluice.rsocket.transport.NoLeaks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Bytes of somebody who means harm, or knows no better: an error or the end of his connection, at once, and nobody else notices. */
@ExtendWith(NoLeaks.class)
class HostileTest {

    private static final int LIMIT = 50;

    private static final List<Dialect> DIALECTS = List.of(Dialect.values());

    private static final int MEGABYTE = 1 << 20;

    @RegisterExtension
    private final FileServer files = new FileServer(options -> options.mostFids(LIMIT)
            .mostWaiting(LIMIT)
            .bufferedBytes(2 * MEGABYTE)
            .mostDirectories(4)
            .handshakeTimeout(Duration.ofSeconds(2)));

    private Peer neighbour;

    private int neighbourTag;

    @BeforeEach
    void aNeighbourWaits() {
        files.channel("neighbour", 10);
        neighbour = files.peer();
        neighbourTag = neighbour.send(Peer.readOf(neighbour.open("neighbour", 0), 100));
        neighbour.settled();
    }

    @AfterEach
    void theNeighbourHasNoticedNothing() {
        int writing = neighbour.open("neighbour", 1);
        neighbour.write(writing, "hello");
        assertThat(neighbour.reply(neighbourTag).data()).isEqualTo("hello");
    }

    @Test
    void connectionThatSaysNothing_isClosed() {
        assertThat(files.kept(Peer.silent(files.server, Dialect.PLAN9)).isClosed())
                .isTrue();
    }

    @Test
    void tagThatIsInUse_endsTheConnection() {
        Peer peer = files.peer();
        int waiting = peer.send(Peer.readOf(peer.open("neighbour@other", 0), 100));
        peer.settled();
        peer.send(Message.of(Type.TGETATTR).u32(Peer.ROOT).u64(0), waiting);
        assertThat(peer.isClosed()).isTrue();
    }

    @Test
    void tagThatIsInUse_endsEverythingBehindIt() {
        Channel<Frame> channel = files.channel("data", 10);
        Peer peer = files.peer();
        int out = peer.open("data", 1);
        int waiting = peer.send(Peer.readOf(peer.open("neighbour@other", 0), 100));
        peer.settled();
        byte[] again = Message.of(Type.TGETATTR).u32(Peer.ROOT).u64(0).encode(waiting);
        byte[] write = Peer.writeOf(out, "never").encode(900);

        peer.raw(java.nio.ByteBuffer.allocate(again.length + write.length)
                .put(again)
                .put(write)
                .array());

        assertThat(peer.isClosed()).isTrue();
        assertThat(Objects.requireNonNull(channel.stats().block()).accepted()).isZero();
    }

    /** What has left the channel and not the server may still be on its way when a read behind it is flushed: the flush waits, and so do a million. */
    @Test
    void flushesWithoutEnd_endTheConnection() {
        Channel<Frame> channel = files.channel("flood", 100);
        Peer peer = files.kept(Peer.of(files.server, Dialect.LINUX, 1 << 30, "mallory", ""));
        int fid = peer.open("flood", 0);
        Frame frame = Frame.wrap(new byte[MEGABYTE / 2]);
        List<Integer> tags = new ArrayList<>();
        for (int i = 0; i < LIMIT - 1; i++) {
            tags.add(peer.send(Peer.readOf(fid, MEGABYTE)));
        }
        for (int i = 0; i < LIMIT; i++) {
            channel.trySend(frame);
        }
        try {
            for (int i = 0; i < 20_000; i++) {
                peer.send(Message.of(Type.TFLUSH).u16(tags.get(LIMIT - 2)));
            }
        } catch (java.io.UncheckedIOException closedMeanwhile) {
            assertThat(closedMeanwhile.getMessage()).isNotNull();
        }
        peer.kill();
        await().until(() -> Objects.requireNonNull(channel.stats().block()).receivers() == 0);
    }

    /** Reports that nobody waits for are not made. */
    @Test
    void reportsAskedForAndLeft_leaveNothingRunning() {
        for (int i = 0; i < 200; i++) {
            files.channel("many/" + i, 1);
        }
        Peer peer = files.peer();
        for (int i = 0; i < 300; i++) {
            int fid = peer.open("stats", 0);
            int read = peer.send(Message.of(Type.TREAD).u32(fid).u64(0).u32(100));
            int flush = peer.send(Message.of(Type.TFLUSH).u16(read));
            peer.reply(flush);
            peer.clunk(fid);
        }
        assertThat(peer.readAll(peer.open("stats", 0))).contains("/many/199 ");
    }

    @Test
    void userOfALongName_isRefused() {
        Peer peer = files.peer();
        assertThat(peer.attach(77, "x".repeat(256), "").errno()).isEqualTo(22);
        assertThat(peer.attach(77, "x".repeat(255), "").isError()).isFalse();
    }

    @Test
    void tooManyFids_areRefused_andFreeAgainWhenClunked() {
        Peer peer = files.peer();
        for (int fid = 1; fid < LIMIT; fid++) {
            assertThat(peer.walk(Peer.ROOT, fid).isError()).isFalse();
        }
        assertThat(peer.walk(Peer.ROOT, LIMIT).errno()).isEqualTo(24);
        peer.clunk(1);
        assertThat(peer.walk(Peer.ROOT, LIMIT).isError()).isFalse();
        assertThat(peer.walk(Peer.ROOT, 1, "no", "such").errno()).isEqualTo(24);
    }

    @Test
    void walksThatFail_useNoFidsUp() {
        Peer peer = files.peer();
        files.channel("plant/press", 1);
        for (int i = 0; i < 3 * LIMIT; i++) {
            assertThat(peer.walk(Peer.ROOT, i + 1, "plant", "mill").isError()).isFalse();
            assertThat(peer.walk(Peer.ROOT, i + 1, "mill").isError()).isTrue();
            assertThat(peer.attach(i + 1, "mallory", "mill").isError()).isTrue();
        }
    }

    @Test
    void tooManyRequestsThatWait_areRefused_andCanBeFlushed() {
        Peer peer = files.peer();
        int fid = peer.open("neighbour@other", 0);
        List<Integer> tags = new ArrayList<>();
        for (int i = 0; i < LIMIT; i++) {
            tags.add(peer.send(Peer.readOf(fid, 10)));
        }
        assertThat(peer.call(Peer.readOf(fid, 10)).errno()).isEqualTo(105);
        assertThat(peer.flush(tags.get(7)).isError()).isFalse();
        int again = peer.send(Peer.readOf(fid, 10));
        assertThat(peer.call(Peer.readOf(fid, 10)).errno()).isEqualTo(105);
        peer.flush(again);
        peer.clunk(fid);
    }

    @Test
    void tooManyBytesThatWait_areRefused() {
        Channel<Frame> channel = files.channel("full", 0);
        Peer peer = files.kept(Peer.of(files.server, Dialect.LINUX, 1 << 30, "mallory", ""));
        int fid = peer.open("full", 1);
        String half = "x".repeat(MEGABYTE / 2);
        int first = peer.send(Peer.writeOf(fid, half));
        for (int i = 1; i < 4; i++) {
            peer.send(Peer.writeOf(fid, half));
        }
        assertThat(peer.write(fid, half).errno()).isEqualTo(105);
        peer.flush(first);
        peer.send(Peer.writeOf(fid, half));
        await().until(() -> Objects.requireNonNull(channel.stats().block()).waitingSends() == 4);
    }

    @Test
    void directoriesWithoutEnd_areRefused() {
        Peer peer = files.peer();
        for (int i = 0; i < 4; i++) {
            assertThat(peer.makeDirectory("", "d" + i).isError()).isFalse();
        }
        assertThat(peer.makeDirectory("", "more").errno()).isEqualTo(105);
    }

    @Test
    void namesTooDeep_areRefused() {
        Peer peer = files.peer();
        String name = "x".repeat(250);
        String path = "";
        // A name has 1,024 bytes at most, all directories together.
        for (int depth = 0; depth < 4; depth++) {
            assertThat(peer.makeDirectory(path, name).isError()).isFalse();
            path = path.isEmpty() ? name : path + "/" + name;
        }
        assertThat(peer.createReply(peer.walkTo(path), "x".repeat(20), 2).isError())
                .isFalse();
        assertThat(peer.createReply(peer.walkTo(path), "x".repeat(21), 2).errno())
                .isEqualTo(36);
    }

    @Test
    void clientThatNeverReads_holdsNoMoreThanItMay() {
        Channel<Frame> channel = files.channel("flood", 100);
        Peer peer = files.kept(Peer.of(files.server, Dialect.LINUX, 1 << 30, "mallory", ""));
        int fid = peer.open("flood", 0);
        for (int i = 0; i < LIMIT - 1; i++) {
            peer.send(Peer.readOf(fid, MEGABYTE));
        }
        Frame frame = Frame.wrap(new byte[MEGABYTE - 1]);
        for (int i = 0; i < 40; i++) {
            channel.send(frame).block();
        }

        // Twice its limit of 2 MB, and what the sockets take.
        await().during(Duration.ofMillis(300)).until(() -> {
            var stats = Objects.requireNonNull(channel.stats().block());
            return stats.buffered() > 20;
        });
        peer.kill();
        Channel<Frame> all = channel;
        await().until(() -> Objects.requireNonNull(all.stats().block()).receivers() == 0);
    }

    @Test
    void noise_endsConnections_andNothingElse() {
        Random random = new Random(42);
        for (int round = 0; round < 200; round++) {
            try (Peer peer = Peer.of(files.server, DIALECTS.get(round % DIALECTS.size()))) {
                byte[] noise = new byte[1 + random.nextInt(300)];
                random.nextBytes(noise);
                peer.raw(noise);
                for (int i = 0; i < 20; i++) {
                    byte[] body = new byte[random.nextInt(60)];
                    random.nextBytes(body);
                    peer.raw(Message.of(random.nextInt(256)).raw(body).encode(random.nextInt(65_536)));
                }
            } catch (java.io.UncheckedIOException closedMeanwhile) {
                assertThat(closedMeanwhile.getMessage()).isNotNull();
            }
        }
        await().until(() -> files.server.connections() == 1);
    }
}
