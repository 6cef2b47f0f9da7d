package dev.sluice.ninep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.Frame;
import dev.sluice.channel.Channel;
import dev.sluice.channel.Delivery;
import dev.sluice.ninep.wire.Dialect;
import dev.sluice.ninep.wire.Type;
import dev.sluice.rsocket.transport.NoLeaks;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** To read is to receive. */
@ExtendWith(NoLeaks.class)
class ReadingTest {

    @RegisterExtension
    private final FileServer files = new FileServer();

    private static Delivery<Frame> nextDelivery(Channel<Frame> channel) {
        return Objects.requireNonNull(
                channel.receiveAcked(Channel.DEFAULT_GROUP).next().block());
    }

    private static void untilReaders(Channel<Frame> channel, int count) {
        await().until(() -> Objects.requireNonNull(channel.stats().block()).waitingReceivers() == count);
    }

    private static void untilTaken(Channel<Frame> channel) {
        await().until(() -> {
            var group = Objects.requireNonNull(channel.stats().block()).groups().get(0);
            return group.unacked() == 0 && group.backlog() == 0;
        });
    }

    @Test
    void read_ofAnEmptyChannel_waits_andHoldsUpNoOther() {
        Channel<Frame> channel = files.channel("pipeline", 10);
        Peer peer = files.peer();
        int fid = peer.open("pipeline", 0);
        int waiting = peer.send(Peer.readOf(fid, 100));

        peer.settled();
        peer.walkTo("pipeline");
        FileServer.send(channel, "hello");

        assertThat(peer.reply(waiting).data()).isEqualTo("hello");
        untilTaken(channel);
    }

    @Test
    void channel_givesNothing_toAFileThatNobodyReads() {
        Channel<Frame> channel = files.channel("pipeline", 10);
        Peer peer = files.peer();
        int fid = peer.open("pipeline", 0);
        FileServer.send(channel, "one", "two", "three");

        assertThat(peer.read(fid, 100)).isEqualTo("one");

        untilReaders(channel, 0);
        assertThat(FileServer.take(channel)).isEqualTo("two");
    }

    @Test
    void longFrame_isReadInParts_andReceivedWithTheLast() {
        Channel<Frame> channel = files.channel("pipeline", 10);
        Peer peer = files.peer();
        int fid = peer.open("pipeline", 0);
        FileServer.send(channel, "abcdefghij", "next");

        assertThat(peer.read(fid, 4)).isEqualTo("abcd");
        assertThat(Objects.requireNonNull(channel.stats().block())
                        .groups()
                        .get(0)
                        .unacked())
                .isEqualTo(1);
        assertThat(peer.read(fid, 4)).isEqualTo("efgh");
        assertThat(peer.read(fid, 4)).isEqualTo("ij");
        assertThat(peer.read(fid, 3)).isEqualTo("nex");
    }

    @Test
    void clunk_inTheMiddleOfAFrame_givesTheRestBack_markedAsAPart() {
        Channel<Frame> channel = files.channel("pipeline", 10);
        Peer peer = files.peer();
        int fid = peer.open("pipeline", 0);
        FileServer.send(channel, "abcdefghij", "next");
        peer.read(fid, 4);
        peer.read(fid, 2);

        peer.clunk(fid);

        Delivery<Frame> rest = nextDelivery(channel);
        assertThat(rest.value().asText()).isEqualTo("ghij");
        assertThat(rest.partial()).isTrue();
        assertThat(rest.redelivered()).isTrue();
    }

    @Test
    void clunk_withoutAnythingRead_leavesNoMark() {
        Channel<Frame> channel = files.channel("pipeline", 10);
        Peer peer = files.peer();
        int fid = peer.open("pipeline", 0);
        int waiting = peer.send(Peer.readOf(fid, 4));
        peer.settled();

        peer.clunk(fid);

        assertThat(peer.reply(waiting).errno()).isEqualTo(9);
        FileServer.send(channel, "hello");
        assertThat(nextDelivery(channel).redelivered()).isFalse();
    }

    @Test
    void lostConnection_givesTheRestBack_andWithdrawsWhatWaits() {
        Channel<Frame> channel = files.channel("pipeline", 10);
        Peer peer = files.peer();
        int fid = peer.open("pipeline", 0);
        FileServer.send(channel, "abcdefghij");
        peer.read(fid, 4);
        Peer other = files.peer();
        other.send(Peer.readOf(other.open("pipeline", 0), 100));
        other.settled();
        untilReaders(channel, 1);

        other.kill();
        untilReaders(channel, 0);
        peer.kill();

        assertThat(FileServer.take(channel)).isEqualTo("efghij");
    }

    @Test
    void flushedRead_takesNothing() {
        Channel<Frame> channel = files.channel("pipeline", 0);
        Peer peer = files.peer();
        int fid = peer.open("pipeline", 0);
        int waiting = peer.send(Peer.readOf(fid, 100));

        assertThat(peer.flush(waiting).type).isEqualTo(Type.TFLUSH + 1);

        assertThat(channel.trySend(Frame.text("x")).isAccepted())
                .as("nobody is there")
                .isFalse();
        int again = peer.send(Peer.readOf(fid, 100));
        untilReaders(channel, 1);
        FileServer.send(channel, "hello");
        assertThat(peer.reply(again).data()).isEqualTo("hello");
    }

    @Test
    void flushOfOneOfManyReads_leavesTheOthersTheirTurn() {
        Channel<Frame> channel = files.channel("pipeline", 0);
        Peer peer = files.peer();
        int fid = peer.open("pipeline", 0);
        int first = peer.send(Peer.readOf(fid, 100));
        int second = peer.send(Peer.readOf(fid, 100));
        int third = peer.send(Peer.readOf(fid, 100));
        untilReaders(channel, 1);

        peer.flush(second);
        FileServer.send(channel, "one", "two");

        assertThat(peer.reply(first).data()).isEqualTo("one");
        assertThat(peer.reply(third).data()).isEqualTo("two");
        assertThat(channel.trySend(Frame.text("x")).isAccepted()).isFalse();
    }

    @Test
    void flush_isAnsweredAfterTheReadItCameTooLateFor() {
        Channel<Frame> channel = files.channel("pipeline", 10);
        FileServer.send(channel, "hello");
        Peer peer = files.peer();
        int fid = peer.open("pipeline", 0);

        int read = peer.send(Peer.readOf(fid, 100));
        int flush = peer.send(Message.of(Type.TFLUSH).u16(read));

        assertThat(List.of(peer.next().tag, peer.next().tag)).containsExactly(read, flush);
    }

    @Test
    void flush_ofWhatIsUnknown_ofItself_andOfAFlush_isAnswered() {
        Channel<Frame> channel = files.channel("pipeline", 0);
        Peer peer = files.peer();
        int waiting = peer.send(Peer.readOf(peer.open("pipeline", 0), 100));

        assertThat(peer.flush(4711).type).isEqualTo(Type.TFLUSH + 1);
        assertThat(peer.call(Message.of(Type.TFLUSH).u16(4712), 4712).type).isEqualTo(Type.TFLUSH + 1);
        int flush = peer.send(Message.of(Type.TFLUSH).u16(waiting));
        int again = peer.send(Message.of(Type.TFLUSH).u16(waiting));
        int flushOfFlush = peer.send(Message.of(Type.TFLUSH).u16(flush));
        for (int tag : List.of(flush, again, flushOfFlush)) {
            assertThat(peer.reply(tag).type).isEqualTo(Type.TFLUSH + 1);
        }
        assertThat(channel.trySend(Frame.text("x")).isAccepted()).isFalse();
    }

    @Test
    void readers_share() {
        Channel<Frame> channel = files.channel("pipeline", 100);
        Peer a = files.peer();
        Peer b = files.peer(Dialect.PLAN9);
        int fidA = a.open("pipeline", 0);
        int fidB = b.open("pipeline", 0);
        List<Integer> tagsA = new ArrayList<>();
        List<Integer> tagsB = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            tagsA.add(a.send(Peer.readOf(fidA, 2)));
            tagsB.add(b.send(Peer.readOf(fidB, 2)));
        }
        a.settled();
        b.settled();

        for (int i = 10; i < 30; i++) {
            FileServer.send(channel, Integer.toString(i));
        }

        Set<String> all = new HashSet<>();
        tagsA.forEach(tag -> all.add(a.reply(tag).data()));
        tagsB.forEach(tag -> all.add(b.reply(tag).data()));
        assertThat(all).hasSize(20);
    }

    @Test
    void manyReadsOfOneFile_areAnsweredInOrder_alsoWithPartsOfAFrame() {
        Channel<Frame> channel = files.channel("pipeline", 10);
        Peer peer = files.peer();
        int fid = peer.open("pipeline", 0);
        List<Integer> tags = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            tags.add(peer.send(Peer.readOf(fid, 4)));
        }
        peer.settled();

        FileServer.send(channel, "abcdefghij", "next", "last");

        List<String> read = tags.stream().map(tag -> peer.reply(tag).data()).toList();
        assertThat(read).containsExactly("abcd", "efgh", "ij", "next", "last");
        untilTaken(channel);
        assertThat(channel.trySend(Frame.text("x")).isAccepted()).isTrue();
    }

    @Test
    void emptyFrames_areReceived_andShowNothing() {
        Channel<Frame> channel = files.channel("pipeline", 10);
        FileServer.send(channel, "", "", "hello");
        Peer peer = files.peer();

        assertThat(peer.read(peer.open("pipeline", 0), 100)).isEqualTo("hello");
        untilTaken(channel);
    }

    @Test
    void closedChannel_isReadToItsEnd() {
        Channel<Frame> channel = files.channel("pipeline", 10);
        FileServer.send(channel, "hello");
        Peer peer = files.peer();
        int fid = peer.open("pipeline", 0);
        channel.close();

        assertThat(peer.read(fid, 5)).isEqualTo("hello");
        assertThat(peer.read(fid, 5)).isEmpty();
        assertThat(peer.read(fid, 5)).isEmpty();
    }

    @Test
    void channelThatIsClosed_endsReadsThatWait_andOneThatFails_failsThem() {
        Channel<Frame> closed = files.channel("closed", 10);
        Channel<Frame> failed = files.channel("failed", 10);
        Peer peer = files.peer();
        int ends = peer.send(Peer.readOf(peer.open("closed", 0), 100));
        int fails = peer.send(Peer.readOf(peer.open("failed", 0), 100));
        peer.settled();

        closed.close();
        failed.close(new IllegalStateException("no more"));

        assertThat(peer.reply(ends).data()).isEmpty();
        assertThat(peer.reply(fails).errno()).isEqualTo(5);
    }

    @Test
    void removedChannel_endsItsReaders() {
        files.channel("pipeline", 10);
        Peer peer = files.peer();
        int waiting = peer.send(Peer.readOf(peer.open("pipeline", 0), 100));
        peer.settled();

        peer.call(Message.of(Type.TREMOVE).u32(peer.walkTo("pipeline")));

        assertThat(peer.reply(waiting).data()).isEmpty();
    }

    @Test
    void groups_seeEverythingEach_andAreNotListed() {
        Channel<Frame> channel = files.channel("pipeline", 10);
        Peer peer = files.peer();
        int billing = peer.open("pipeline@billing", 0);
        int audit = peer.open("pipeline@audit", 0);
        int first = peer.send(Peer.readOf(billing, 100));
        int second = peer.send(Peer.readOf(audit, 100));
        untilReaders(channel, 2);

        FileServer.send(channel, "hello");

        assertThat(peer.reply(first).data()).isEqualTo("hello");
        assertThat(peer.reply(second).data()).isEqualTo("hello");
        assertThat(peer.call(Message.of(Type.TREMOVE).u32(peer.walkTo("pipeline@audit")))
                        .isError())
                .isFalse();
        assertThat(Objects.requireNonNull(channel.stats().block()).groups())
                .extracting(group -> group.name())
                .containsExactly("billing");
    }

    @Test
    void listeners_takeNothingAway_andSeeEverythingSinceTheyWereOpened() {
        Channel<Frame> channel = files.channel("pipeline", 10);
        Peer peer = files.peer();
        int listener = peer.open("pipeline@@latest", 0);
        int reader = peer.open("pipeline", 0);

        FileServer.send(channel, "one", "two");

        assertThat(peer.read(listener, 100)).isEqualTo("one");
        assertThat(peer.read(reader, 100)).isEqualTo("one");
        int flushed = peer.send(Peer.readOf(listener, 2));
        assertThat(peer.reply(flushed).data()).isEqualTo("tw");
        assertThat(peer.read(listener, 2)).isEqualTo("o");
        int waiting = peer.send(Peer.readOf(listener, 100));
        peer.flush(waiting);
        FileServer.send(channel, "three");
        assertThat(peer.read(listener, 100)).as("what came after a flush").isEqualTo("three");
        assertThat(peer.openReply(peer.walkTo("pipeline@@latest"), 1).errno()).isEqualTo(13);
    }

    @Test
    void readersOfWhatIsNot_areNotThere() {
        files.channel("pipeline", 10);
        Peer peer = files.peer();
        for (String name : List.of("pipeline@", "pipeline@@", "pipeline@@yesterday", "other@billing", "pipeline@@-1")) {
            assertThat(peer.walk(Peer.ROOT, 300, name).isError()).as(name).isTrue();
        }
        assertThat(peer.walk(Peer.ROOT, 300, "pipeline@@17").isError()).isFalse();
    }

    @Test
    void channelThatIsADirectoryToo_isReadByItsGroup() {
        FileServer.send(files.channel("plant", 10), "hello");
        files.channel("plant/press", 10);
        Peer peer = files.peer();

        assertThat(peer.openReply(peer.walkTo("plant"), 1).errno()).isEqualTo(21);
        int fid = peer.open("plant@default", 2);
        assertThat(peer.read(fid, 100)).isEqualTo("hello");
        peer.write(fid, "two");
        assertThat(peer.read(fid, 100)).isEqualTo("two");
    }

    @Test
    void thousandReadsThatWait_costNoThread_andAllAreAnswered() {
        Channel<Frame> channel = files.channel("pipeline", 2_000);
        Peer peer = files.peer();
        List<Integer> tags = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            tags.add(peer.send(Peer.readOf(peer.open("pipeline", 0), 100)));
        }
        untilReaders(channel, 1_000);
        int threads = Thread.activeCount();

        for (int i = 0; i < 1_000; i++) {
            FileServer.send(channel, "frame " + i);
        }

        Set<String> all = new HashSet<>();
        tags.forEach(tag -> all.add(peer.reply(tag).data()));
        assertThat(all).hasSize(1_000);
        assertThat(threads).isLessThan(100);
    }
}
