package dev.sluice.ninep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.Frame;
import dev.sluice.channel.Channel;
import dev.sluice.ninep.wire.Dialect;
import dev.sluice.ninep.wire.Type;
import dev.sluice.rsocket.transport.NoLeaks;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** To write is to send. */
@ExtendWith(NoLeaks.class)
class WritingTest {

    private static final int O_NONBLOCK = 04000;

    @RegisterExtension
    private final FileServer files = new FileServer();

    private static void untilWaiting(Channel<Frame> channel, int count) {
        await().until(() -> Objects.requireNonNull(channel.stats().block()).waitingSends() == count);
    }

    @Test
    void oneWrite_isOneFrame_whateverItsOffset() {
        Channel<Frame> channel = files.channel("pipeline", 10);
        Peer peer = files.peer();
        int fid = peer.open("pipeline", 1);

        peer.call(Message.of(Type.TWRITE).u32(fid).u64(1L << 40).u32(3).raw((byte) 'o', (byte) 'n', (byte) 'e'));
        peer.write(fid, "two\n");

        assertThat(FileServer.take(channel)).isEqualTo("one");
        assertThat(FileServer.take(channel)).isEqualTo("two\n");
    }

    @Test
    void frameOfAMegabyte_isOneWrite() {
        Channel<Frame> channel = files.channel("pipeline", 10);
        Peer peer = files.kept(Peer.of(files.server, Dialect.LINUX, 1 << 30, "glenda", ""));
        int bytes = peer.messageSize() - 24;
        assertThat(bytes).isEqualTo(1 << 20);

        Reply written = peer.write(peer.open("pipeline", 1), "x".repeat(bytes));

        assertThat(written.i32()).isEqualTo(bytes);
        assertThat(FileServer.take(channel)).hasSize(bytes);
    }

    @Test
    void writeToAFullChannel_waits_andHoldsUpNoOther() {
        Channel<Frame> channel = files.channel("pipeline", 1);
        Peer peer = files.peer();
        int fid = peer.open("pipeline", 1);
        peer.write(fid, "one");
        int second = peer.send(Peer.writeOf(fid, "two"));
        int third = peer.send(Peer.writeOf(fid, "three"));
        peer.settled();
        untilWaiting(channel, 2);

        assertThat(FileServer.take(channel)).isEqualTo("one");
        assertThat(peer.reply(second).i32()).isEqualTo(3);
        assertThat(FileServer.take(channel)).isEqualTo("two");
        assertThat(peer.reply(third).i32()).isEqualTo(5);
        assertThat(FileServer.take(channel)).isEqualTo("three");
    }

    @Test
    void flushedWrite_sendsNothing() {
        Channel<Frame> channel = files.channel("pipeline", 0);
        Peer peer = files.peer();
        int fid = peer.open("pipeline", 1);
        int first = peer.send(Peer.writeOf(fid, "one"));
        int second = peer.send(Peer.writeOf(fid, "two"));
        untilWaiting(channel, 2);

        assertThat(peer.flush(first).type).isEqualTo(Type.TFLUSH + 1);

        untilWaiting(channel, 1);
        assertThat(FileServer.take(channel)).isEqualTo("two");
        assertThat(peer.reply(second).i32()).isEqualTo(3);
    }

    @Test
    void lostConnection_withdrawsItsWrites() {
        Channel<Frame> channel = files.channel("pipeline", 0);
        Peer peer = files.peer();
        peer.send(Peer.writeOf(peer.open("pipeline", 1), "lost"));
        untilWaiting(channel, 1);

        peer.kill();

        untilWaiting(channel, 0);
        assertThat(Objects.requireNonNull(channel.stats().block()).accepted()).isZero();
    }

    @Test
    void secondVersion_withdrawsWritesThatWait_withTheirBytes() {
        Channel<Frame> channel = files.channel("pipeline", 0);
        Peer peer = files.kept(Peer.of(files.server, Dialect.LINUX, 1 << 30, "glenda", ""));
        String half = "x".repeat(1 << 19);
        for (int round = 0; round < 3; round++) {
            int fid = peer.open("pipeline", 1);
            for (int i = 0; i < 30; i++) {
                peer.send(Peer.writeOf(fid, half));
            }
            untilWaiting(channel, 30);
            peer.version(1 << 30);
            untilWaiting(channel, 0);
            peer.attach(Peer.ROOT, "glenda", "");
        }
    }

    @Test
    void clunk_leavesAWriteThatWaits() {
        Channel<Frame> channel = files.channel("pipeline", 0);
        Peer peer = files.peer();
        int fid = peer.open("pipeline", 1);
        int waiting = peer.send(Peer.writeOf(fid, "hello"));
        untilWaiting(channel, 1);

        peer.clunk(fid);

        assertThat(FileServer.take(channel)).isEqualTo("hello");
        assertThat(peer.reply(waiting).i32()).isEqualTo(5);
    }

    @Test
    void emptyWrite_isRefused_forALoopCouldComeOfIt() {
        files.channel("pipeline", 10);
        Peer peer = files.peer();
        assertThat(peer.write(peer.open("pipeline", 1), "").errno()).isEqualTo(22);
    }

    @Test
    void writeToAClosedChannel_fails_alsoWhenItWaited() {
        Channel<Frame> channel = files.channel("pipeline", 0);
        Peer peer = files.peer();
        int fid = peer.open("pipeline", 1);
        int waiting = peer.send(Peer.writeOf(fid, "hello"));
        untilWaiting(channel, 1);

        channel.close();

        assertThat(peer.reply(waiting).errno()).isEqualTo(32);
        assertThat(peer.write(fid, "more").errno()).isEqualTo(32);
    }

    @Test
    void writeThatMustNotWait_isRefusedWhenThereIsNoRoom() {
        files.channel("pipeline", 1);
        Peer peer = files.peer();
        int fid = peer.walkTo("pipeline");
        peer.openReply(fid, 1 | O_NONBLOCK);

        assertThat(peer.write(fid, "one").i32()).isEqualTo(3);
        assertThat(peer.write(fid, "two").errno()).isEqualTo(105);
    }

    @Test
    void channelThatExpired_isMadeAnew_byWhoHoldsItsFile() {
        files.channels.channel("pipeline");
        Peer peer = files.peer();
        int out = peer.open("pipeline", 1);
        int in = peer.open("pipeline", 0);
        assertThat(files.channels.deleteIfIdle("pipeline").block()).isTrue();

        assertThat(peer.write(out, "hello").i32()).isEqualTo(5);
        assertThat(peer.read(in, 100)).isEqualTo("hello");

        assertThat(files.channels.find("pipeline").block()).isNotNull();
        files.channels.delete("pipeline").block();
        assertThat(peer.write(out, "more").errno()).as("deleted by somebody").isEqualTo(32);
        assertThat(files.channels.find("pipeline").block()).isNull();
    }

    @Test
    void truncation_hasNoEffect() {
        Channel<Frame> channel = files.channel("pipeline", 10);
        FileServer.send(channel, "hello");
        Peer linux = files.peer();
        Peer plan9 = files.peer(Dialect.PLAN9);

        assertThat(linux.openReply(linux.walkTo("pipeline"), 1 | 01000).isError())
                .isFalse();
        assertThat(plan9.openReply(plan9.walkTo("pipeline"), 1 | 0x10).isError())
                .isFalse();

        assertThat(FileServer.take(channel)).isEqualTo("hello");
    }

    @Test
    void writes_andReads_passThroughARendezvous() {
        files.channel("pipeline", 0);
        Peer writer = files.peer();
        Peer reader = files.peer(Dialect.UNIX);
        int out = writer.open("pipeline", 1);
        int in = reader.open("pipeline", 0);
        List<Integer> tags = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            tags.add(writer.send(Peer.writeOf(out, "frame " + i)));
        }

        for (int i = 0; i < 50; i++) {
            assertThat(reader.read(in, 100)).isEqualTo("frame " + i);
        }
        tags.forEach(tag -> assertThat(writer.reply(tag).isError()).isFalse());
    }
}
