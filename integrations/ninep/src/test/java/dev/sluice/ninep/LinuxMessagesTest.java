package dev.sluice.ninep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.ninep.wire.Type;
import dev.sluice.rsocket.transport.NoLeaks;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What only 9P2000.L says. */
@ExtendWith(NoLeaks.class)
class LinuxMessagesTest {

    @RegisterExtension
    private final FileServer files = new FileServer();

    /** The names of a page, each with whether it is a directory, and where the next one begins. */
    private record Page(Map<String, Boolean> names, long next) {}

    private static Page page(Peer peer, int fid, long place, int count) {
        Reply reply = peer.call(Message.of(Type.TREADDIR).u32(fid).u64(place).u32(count));
        assertThat(reply.isError()).isFalse();
        assertThat(reply.i32()).isEqualTo(reply.left()).isLessThanOrEqualTo(count);
        Map<String, Boolean> names = new LinkedHashMap<>();
        long next = place;
        while (reply.left() > 0) {
            boolean isDirectory = reply.qid().isDirectory();
            next = reply.i64();
            assertThat(reply.u8()).isEqualTo(isDirectory ? 4 : 8);
            assertThat(names.put(reply.text(), isDirectory)).as("listed once").isNull();
        }
        return new Page(names, next);
    }

    private static List<String> list(Peer peer, String path, int count) {
        int fid = peer.open(path, 0);
        List<String> all = new ArrayList<>();
        Page page = page(peer, fid, 0, count);
        while (!page.names.isEmpty()) {
            page.names.forEach((name, isDirectory) -> all.add(isDirectory ? name + "/" : name));
            page = page(peer, fid, page.next, count);
        }
        peer.clunk(fid);
        return all;
    }

    @Test
    void readdir_showsChannelsAndDirectories_eachOnce() {
        for (String name : List.of("a", "a-b", "a/1", "a/2/x", "b/1", "c", "c0", "ü/1")) {
            files.channel(name, 1);
        }
        Peer peer = files.peer();
        peer.makeDirectory("", "empty");
        peer.makeDirectory("", "b-made");
        peer.makeDirectory("b", "made");

        assertThat(list(peer, "", 8192))
                .containsExactly("./", "../", "ctl", "stats", "a/", "a-b", "b/", "c", "c0", "ü/", "b-made/", "empty/");
        assertThat(list(peer, "a", 8192)).containsExactly("./", "../", "1", "2/");
        assertThat(list(peer, "b", 8192)).containsExactly("./", "../", "1", "made/");
        assertThat(list(peer, "empty", 8192)).containsExactly("./", "../");
    }

    @Test
    void readdir_inSmallPages_isTheSame() {
        for (int i = 0; i < 30; i++) {
            files.channel("plant/" + i, 1);
            files.channel("plant/" + i + "/below", 1);
            files.channel("plant/" + i + "-beside", 1);
        }
        Peer peer = files.peer();
        for (int i = 0; i < 20; i++) {
            peer.makeDirectory("plant", "made" + i);
        }

        List<String> whole = list(peer, "plant", 60_000);

        assertThat(whole).hasSize(2 + 30 * 2 + 20).doesNotHaveDuplicates();
        assertThat(list(peer, "plant", 60)).isEqualTo(whole);
        assertThat(list(peer, "plant", 200)).isEqualTo(whole);
    }

    @Test
    void readdir_goesOnWhereItWas_whateverComesAndGoes() {
        IntStream.range(0, 50).forEach(i -> files.channel(String.format("c%02d", i), 1));
        Peer peer = files.peer();
        int fid = peer.open("", 0);
        Page first = page(peer, fid, 0, 400);
        assertThat(first.names).containsKey("c05").doesNotContainKey("c20");

        files.channels.delete("c01").block();
        files.channel("c00-new", 1);
        Page second = page(peer, fid, first.next, 400);

        List<String> before = List.copyOf(first.names.keySet());
        String last = before.get(before.size() - 1);
        int next = Integer.parseInt(last.substring(1)) + 1;
        assertThat(second.names.keySet()).startsWith(String.format("c%02d", next));
        assertThat(page(peer, fid, first.next, 400)).as("asked again").isEqualTo(second);
        assertThat(page(peer, fid, 0, 400).names).as("from the beginning").containsKey("c00-new");
    }

    @Test
    void readdir_fromAPlaceThatIsNotRemembered_counts() {
        IntStream.range(0, 50).forEach(i -> files.channel(String.format("c%02d", i), 1));
        Peer peer = files.peer();
        int fid = peer.open("", 0);

        assertThat(page(peer, fid, 14, 8192).names.keySet()).startsWith("c10").hasSize(40);
        assertThat(page(peer, fid, 5_000, 8192).names).isEmpty();
        assertThat(peer.call(Message.of(Type.TREADDIR).u32(fid).u64(-1).u32(8192))
                        .errno())
                .isEqualTo(22);
    }

    @Test
    void read_ofADirectory_isRefused() {
        Peer peer = files.peer();
        assertThat(peer.call(Peer.readOf(peer.open("", 0), 100)).errno()).isEqualTo(21);
        assertThat(peer.call(Message.of(Type.TREADDIR)
                                .u32(peer.open("ctl", 0))
                                .u64(0)
                                .u32(100))
                        .errno())
                .isEqualTo(20);
        assertThat(peer.openReply(peer.walkTo("ctl"), 0200000).errno())
                .as("O_DIRECTORY")
                .isEqualTo(20);
    }

    @Test
    void getattr_tellsModeOwnerAndNoLength() {
        files.channel("pipeline", 10);
        Peer peer = files.peer();
        Reply walked = peer.walk(Peer.ROOT, 1, "pipeline");
        walked.u16();
        Reply.Qid qid = walked.qid();

        Reply reply = peer.call(Message.of(Type.TGETATTR).u32(1).u64(0x7FF));

        assertThat(reply.i64()).isEqualTo(0x7FF);
        assertThat(reply.qid()).isEqualTo(qid);
        assertThat(reply.i32()).isEqualTo(0100666);
        assertThat(reply.i32()).as("owner").isEqualTo(1000);
        assertThat(reply.i32()).as("group").isEqualTo(1000);
        assertThat(reply.i64()).as("links").isEqualTo(1);
        assertThat(reply.i64()).as("device").isZero();
        assertThat(reply.i64()).as("length").isZero();
        assertThat(reply.left()).isEqualTo(12 * 8);
    }

    @Test
    void getattr_ofWhatIsGone_isRefused_unlessItIsOpen() {
        files.channel("pipeline", 10);
        Peer peer = files.peer();
        int closed = peer.walkTo("pipeline");
        int open = peer.open("pipeline", 0);

        files.channels.delete("pipeline").block();

        assertThat(peer.call(Message.of(Type.TGETATTR).u32(closed).u64(0x7FF)).errno())
                .isEqualTo(2);
        assertThat(peer.call(Message.of(Type.TGETATTR).u32(open).u64(0x7FF)).isError())
                .isFalse();
    }

    private static Message setattr(int fid, int valid, int mode, long size) {
        return Message.of(Type.TSETATTR)
                .u32(fid)
                .u32(valid)
                .u32(mode)
                .u32(0)
                .u32(0)
                .u64(size)
                .u64(1)
                .u64(2)
                .u64(3)
                .u64(4);
    }

    @Test
    void setattr_takesTimesAndSizeZero_withoutEffect() {
        FileServer.send(files.channel("pipeline", 10), "hello");
        Peer peer = files.peer();
        int fid = peer.open("pipeline", 2);

        assertThat(peer.call(setattr(fid, 0x1F0, 0, 0)).isError()).as("times").isFalse();
        assertThat(peer.call(setattr(fid, 8, 0, 0)).isError()).as("size 0").isFalse();
        assertThat(peer.call(setattr(fid, 1, 0100666, 0)).isError())
                .as("the same mode")
                .isFalse();
        assertThat(peer.call(setattr(fid, 8, 0, 5)).errno()).isEqualTo(22);
        assertThat(peer.call(setattr(fid, 1, 0600, 0)).errno()).isEqualTo(1);
        assertThat(peer.call(setattr(fid, 2, 0, 0)).errno()).isEqualTo(1);
        assertThat(peer.read(fid, 10)).isEqualTo("hello");
    }

    @Test
    void statfs_countsChannels() {
        files.channel("pipeline", 10);
        Peer peer = files.peer();

        Reply reply = peer.call(Message.of(Type.TSTATFS).u32(Peer.ROOT));

        assertThat(reply.i32()).isEqualTo(0x01021997);
        reply.bytes(4 + 3 * 8);
        assertThat(reply.i64()).isEqualTo(1);
        reply.bytes(2 * 8);
        assertThat(reply.i32()).isEqualTo(255);
        assertThat(reply.left()).isZero();
    }

    @Test
    void renameat_movesAChannel_withAllThatUseIt() {
        FileServer.send(files.channel("plant/press", 10), "hello");
        Peer peer = files.peer();
        int reading = peer.open("plant/press", 0);

        Reply renamed = peer.call(Message.of(Type.TRENAMEAT)
                .u32(peer.walkTo("plant"))
                .text("press")
                .u32(Peer.ROOT)
                .text("mill"));

        assertThat(renamed.isError()).isFalse();
        assertThat(files.channels.list("").collectList().block()).containsExactly("mill");
        assertThat(peer.read(reading, 10)).isEqualTo("hello");
        peer.write(peer.open("mill", 1), "two");
        assertThat(peer.read(reading, 10)).isEqualTo("two");
    }

    @Test
    void rename_neverReplaces() {
        files.channel("a", 10);
        files.channel("b/c", 10);
        Peer peer = files.peer();

        assertThat(rename(peer, "a", "b").errno()).isEqualTo(17);
        assertThat(rename(peer, "b", "a").errno()).isEqualTo(17);
        assertThat(rename(peer, "a", "ctl").errno()).isEqualTo(17);
        assertThat(rename(peer, "a", "x@y").errno()).isEqualTo(22);
        assertThat(rename(peer, "ctl", "x").errno()).isEqualTo(1);
        assertThat(rename(peer, "nothing", "x").errno()).isEqualTo(2);
        assertThat(rename(peer, "a", "a").isError()).as("to itself").isFalse();
        assertThat(files.channels.list("").collectList().block()).containsExactly("a", "b/c");
    }

    private static Reply rename(Peer peer, String from, String to) {
        return peer.call(Message.of(Type.TRENAMEAT)
                .u32(Peer.ROOT)
                .text(from)
                .u32(Peer.ROOT)
                .text(to));
    }

    @Test
    void rename_ofADirectory_movesAllThatIsInIt() {
        files.channel("plant/press", 10);
        files.channel("plant/hall/1", 10);
        Peer peer = files.peer();
        peer.makeDirectory("plant", "empty");
        int inside = peer.walkTo("plant/hall");

        assertThat(peer.call(Message.of(Type.TRENAME)
                                .u32(peer.walkTo("plant"))
                                .u32(Peer.ROOT)
                                .text("works"))
                        .isError())
                .isFalse();

        assertThat(files.channels.list("").collectList().block()).containsExactly("works/hall/1", "works/press");
        assertThat(list(peer, "works", 8192)).containsExactly("./", "../", "hall/", "press", "empty/");
        assertThat(peer.walk(inside, 77, "1").isError())
                .as("a fid inside has come along")
                .isFalse();
        assertThat(peer.call(Message.of(Type.TRENAME)
                                .u32(peer.walkTo("works"))
                                .u32(peer.walkTo("works/hall"))
                                .text("x"))
                        .errno())
                .as("into itself")
                .isEqualTo(22);
    }

    @Test
    void rename_ofADirectoryThatIsAChannelToo_movesBoth() {
        FileServer.send(files.channel("plant", 10), "hello");
        files.channel("plant/press", 10);
        files.channel("plants", 10);
        Peer peer = files.peer();

        assertThat(rename(peer, "plant", "works").isError()).isFalse();

        assertThat(files.channels.list("").collectList().block()).containsExactly("plants", "works", "works/press");
        assertThat(peer.read(peer.open("works@default", 0), 10)).isEqualTo("hello");
    }

    @Test
    void readdir_thatHasNoRoomForAnEntry_isRefused_andNoEnd() {
        files.channel("a-rather-long-name", 1);
        Peer peer = files.peer();
        int fid = peer.open("", 0);
        Page first = page(peer, fid, 0, 130);
        assertThat(first.names.keySet()).containsExactly(".", "..", "ctl", "stats");

        assertThat(peer.call(Message.of(Type.TREADDIR).u32(fid).u64(first.next).u32(30))
                        .errno())
                .isEqualTo(22);
        assertThat(page(peer, fid, first.next, 100).names.keySet()).containsExactly("a-rather-long-name");
    }

    @Test
    void unlinkat_removesWhatItIsToldTo() {
        files.channel("plant/press", 10);
        Peer peer = files.peer();
        peer.makeDirectory("", "empty");

        assertThat(unlink(peer, Peer.ROOT, "empty", 0).errno())
                .as("a directory, as a file")
                .isEqualTo(21);
        assertThat(unlink(peer, peer.walkTo("plant"), "press", 0x200).errno())
                .as("a file, as a directory")
                .isEqualTo(20);
        assertThat(unlink(peer, Peer.ROOT, "plant", 0x200).errno()).isEqualTo(39);
        assertThat(unlink(peer, Peer.ROOT, "empty", 0x200).isError()).isFalse();
        assertThat(unlink(peer, peer.walkTo("plant"), "press", 0).isError()).isFalse();
        assertThat(unlink(peer, Peer.ROOT, "plant", 0x200).errno())
                .as("gone with its last channel")
                .isEqualTo(2);
        assertThat(files.channels.count().block()).isZero();
    }

    private static Reply unlink(Peer peer, int directory, String name, int flags) {
        return peer.call(Message.of(Type.TUNLINKAT).u32(directory).text(name).u32(flags));
    }

    @Test
    void create_exclusively_failsWhenItIsThere() {
        files.channel("pipeline", 10);
        Peer peer = files.peer();
        assertThat(peer.createReply(peer.walkTo(""), "pipeline", 0200 | 2).errno())
                .isEqualTo(17);
    }

    @Test
    void locksAndSyncs_succeed_andTheRestIsNotSupported() {
        Peer peer = files.peer();
        int fid = peer.create("", "pipeline");

        assertThat(peer.call(Message.of(Type.TFSYNC).u32(fid).u32(0)).type).isEqualTo(Type.TFSYNC + 1);
        Reply locked = peer.call(Message.of(Type.TLOCK)
                .u32(fid)
                .u8(1)
                .u32(1)
                .u64(0)
                .u64(0)
                .u32(77)
                .text("host"));
        assertThat(locked.u8()).as("success").isZero();
        Reply free = peer.call(
                Message.of(Type.TGETLOCK).u32(fid).u8(1).u64(3).u64(4).u32(77).text("host"));
        assertThat(free.u8()).as("unlocked").isEqualTo(2);
        assertThat(List.of(free.i64(), free.i64())).containsExactly(3L, 4L);
        assertThat(peer.call(Message.of(Type.TXATTRWALK).u32(fid).u32(500).text("user.x"))
                        .errno())
                .isEqualTo(95);
        assertThat(peer.call(Message.of(Type.TREADLINK).u32(fid)).errno()).isEqualTo(22);
        assertThat(peer.call(Message.of(Type.TSYMLINK)
                                .u32(Peer.ROOT)
                                .text("x")
                                .text("y")
                                .u32(0))
                        .errno())
                .isEqualTo(95);
        assertThat(peer.call(Message.of(Type.TLINK).u32(Peer.ROOT).u32(fid).text("x"))
                        .errno())
                .isEqualTo(95);
        assertThat(peer.call(Message.of(Type.TMKNOD)
                                .u32(Peer.ROOT)
                                .text("x")
                                .u32(0)
                                .u32(0)
                                .u32(0)
                                .u32(0))
                        .errno())
                .isEqualTo(95);
    }
}
