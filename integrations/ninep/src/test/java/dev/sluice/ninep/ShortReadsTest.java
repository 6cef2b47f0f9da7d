package dev.sluice.ninep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.Frame;
import dev.sluice.channel.Channel;
import dev.sluice.ninep.wire.Dialect;
import dev.sluice.rsocket.transport.NoLeaks;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Linux goes on with a read until its buffer is full or an answer is empty; and some readers do not wait. */
@ExtendWith(NoLeaks.class)
class ShortReadsTest {

    private static final int O_NONBLOCK = 04000;

    @RegisterExtension
    private final FileServer files = new FileServer();

    private static void untilReaders(Channel<Frame> channel, int count) {
        await().until(() -> Objects.requireNonNull(channel.stats().block()).waitingReceivers() == count);
    }

    // Linux goes on with a read until its buffer is full or an answer is empty.

    @Test
    void continuationAfterAFrame_isAnsweredWithNothing_once() {
        Channel<Frame> channel = files.channel("pipeline", 10);
        FileServer.send(channel, "hello", "two");
        Peer peer = files.peer();
        int fid = peer.open("pipeline", 0);

        assertThat(peer.read(fid, 100)).isEqualTo("hello");
        assertThat(peer.read(fid, 95)).as("what is left of the buffer").isEmpty();
        assertThat(peer.read(fid, 100)).isEqualTo("two");
    }

    @Test
    void anotherRead_isNoContinuation() {
        Channel<Frame> channel = files.channel("pipeline", 10);
        FileServer.send(channel, "hello", "two");
        Peer peer = files.peer();
        int fid = peer.open("pipeline", 0);

        assertThat(peer.read(fid, 100)).isEqualTo("hello");
        assertThat(peer.read(fid, 100)).isEqualTo("two");
    }

    @Test
    void longestReads_count_asContinuations() {
        Channel<Frame> channel = files.channel("pipeline", 10);
        FileServer.send(channel, "hello", "two");
        Peer peer = files.peer();
        int fid = peer.open("pipeline", 0);
        int longest = peer.messageSize() - 24;

        assertThat(peer.read(fid, longest)).isEqualTo("hello");
        assertThat(peer.read(fid, longest)).isEmpty();
        assertThat(peer.read(fid, longest)).isEqualTo("two");
    }

    @Test
    void readThatWasFilled_isNotContinued() {
        Channel<Frame> channel = files.channel("pipeline", 10);
        FileServer.send(channel, "hello", "two");
        Peer peer = files.peer();
        int fid = peer.open("pipeline", 0);

        assertThat(peer.read(fid, 5)).isEqualTo("hello");
        assertThat(peer.read(fid, 5)).isEqualTo("two");
    }

    @Test
    void frameOfTheLongestRead_isNeverFilledExactly() {
        Channel<Frame> channel = files.channel("pipeline", 10);
        Peer peer = files.kept(Peer.of(files.server, Dialect.LINUX, 4096, "glenda", ""));
        int longest = 4096 - 24;
        channel.send(Frame.wrap(new byte[longest])).block();
        int fid = peer.open("pipeline", 0);

        assertThat(peer.call(Peer.readOf(fid, longest)).i32()).isEqualTo(longest - 1);
        assertThat(peer.call(Peer.readOf(fid, longest)).i32()).isEqualTo(1);
        assertThat(peer.call(Peer.readOf(fid, longest)).i32()).isZero();
    }

    @Test
    void frameOverManyMessages_endsForLinux_whereItEnds() {
        Channel<Frame> channel = files.channel("pipeline", 10);
        Peer peer = files.kept(Peer.of(files.server, Dialect.LINUX, 4096, "glenda", ""));
        int longest = 4096 - 24;
        channel.send(Frame.wrap(new byte[10_000])).block();
        int fid = peer.open("pipeline", 0);
        int buffer = 16_384;

        // As Linux reads for a program with a buffer of 16 KiB.
        int got = 0;
        for (int part = -1; part != 0 && got < buffer; got += part) {
            part = peer.call(Peer.readOf(fid, Math.min(longest, buffer - got))).i32();
        }

        assertThat(got).isEqualTo(10_000);
    }

    @Test
    void readThatMustNotWait_isRefusedWhenThereIsNothing_andTakesNothingLater() {
        Channel<Frame> channel = files.channel("pipeline", 0);
        Peer peer = files.peer();
        int fid = peer.walkTo("pipeline");
        peer.openReply(fid, O_NONBLOCK);

        assertThat(peer.call(Peer.readOf(fid, 100)).errno()).isEqualTo(11);
        assertThat(channel.trySend(Frame.text("x")).isAccepted()).isFalse();
    }

    @Test
    void readThatMustNotWait_getsWhatIsThere_andNoFalseEnd() {
        Channel<Frame> channel = files.channel("pipeline", 10);
        FileServer.send(channel, "hello", "two");
        Peer peer = files.peer();
        int fid = peer.walkTo("pipeline");
        peer.openReply(fid, O_NONBLOCK);
        int longest = peer.messageSize() - 24;

        assertThat(peer.read(fid, longest)).isEqualTo("hello");
        assertThat(peer.read(fid, longest)).isEqualTo("two");
        assertThat(peer.read(fid, longest)).as("perhaps Linux going on").isEmpty();
        assertThat(peer.call(Peer.readOf(fid, longest)).errno()).isEqualTo(11);
    }

    /** Linux 6.12 goes on there too, and an error instead of nothing would lose it the frame. */
    @Test
    void readThatMustNotWait_isContinuedLikeOthers() {
        Channel<Frame> channel = files.channel("pipeline", 10);
        FileServer.send(channel, "something\n");
        Peer peer = files.peer();
        int fid = peer.walkTo("pipeline");
        peer.openReply(fid, O_NONBLOCK);

        assertThat(peer.read(fid, 100)).isEqualTo("something\n");
        assertThat(peer.read(fid, 90)).isEmpty();
        assertThat(peer.call(Peer.readOf(fid, 100)).errno()).isEqualTo(11);
    }

    @Test
    void readThatMustNotWait_seesTheEnd_alsoAfterThereWasNothing() {
        Channel<Frame> channel = files.channel("pipeline", 10);
        Peer peer = files.peer();
        int fid = peer.walkTo("pipeline");
        peer.openReply(fid, O_NONBLOCK);
        assertThat(peer.call(Peer.readOf(fid, 100)).errno()).isEqualTo(11);

        channel.close();

        assertThat(peer.read(fid, 100)).isEmpty();
        assertThat(peer.read(fid, 100)).isEmpty();
    }

    @Test
    void readOfWhatWasDeleted_makesNothingAnew() {
        files.channel("pipeline", 10);
        Peer peer = files.peer();
        int fid = peer.walkTo("pipeline");
        peer.openReply(fid, O_NONBLOCK);
        assertThat(peer.call(Peer.readOf(fid, 100)).errno()).isEqualTo(11);
        assertThat(peer.call(Peer.readOf(fid, 100)).errno()).isEqualTo(11);

        files.channels.delete("pipeline").block();

        assertThat(peer.read(fid, 100)).isEmpty();
        assertThat(files.channels.count().block()).isZero();
    }

    @Test
    void readsThatMustNotWait_leaveNoDemandBehind() {
        Channel<Frame> channel = files.channel("pipeline", 10);
        Peer peer = files.peer();
        int fid = peer.walkTo("pipeline");
        peer.openReply(fid, O_NONBLOCK);
        FileServer.send(channel, "hello");
        byte[] first = Peer.readOf(fid, 100).encode(901);
        byte[] second = Peer.readOf(fid, 100).encode(902);

        peer.raw(ByteBuffer.allocate(first.length * 2).put(first).put(second).array());

        assertThat(peer.reply(901).data()).isEqualTo("hello");
        assertThat(peer.reply(902).errno()).isEqualTo(11);
        untilReaders(channel, 0);
    }
}
