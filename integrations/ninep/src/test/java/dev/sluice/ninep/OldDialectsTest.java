package dev.sluice.ninep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.ninep.wire.Dialect;
import dev.sluice.ninep.wire.Type;
import dev.sluice.rsocket.transport.NoLeaks;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What 9P2000 and 9P2000.u say, and 9P2000.L does not. */
@ExtendWith(NoLeaks.class)
class OldDialectsTest {

    @RegisterExtension
    private final FileServer files = new FileServer();

    private static Object error(Dialect dialect, int number, String text) {
        return dialect == Dialect.PLAN9 ? text : (Object) number;
    }

    @ParameterizedTest
    @EnumSource(names = {"PLAN9", "UNIX"})
    void stat_tellsModeOwnerAndNoLength(Dialect dialect) {
        files.channel("plant/press", 10);
        Peer peer = files.peer(dialect);

        Stat press = stat(peer, "plant/press");

        assertThat(press.name).isEqualTo("press");
        assertThat(press.mode).isEqualTo(0666);
        assertThat(press.length).isZero();
        assertThat(press.user).isEqualTo("glenda");
        assertThat(press.number).isEqualTo(dialect == Dialect.UNIX ? 1000 : -1);
        assertThat(stat(peer, "plant").mode).isEqualTo(0x8000_0000 | 0777);
        assertThat(stat(peer, "").name).isEqualTo("/");
        assertThat(stat(peer, "stats").mode).isEqualTo(0444);
    }

    private record Stat(Reply.Qid qid, int mode, long length, String name, String user, int number) {

        static Stat of(Reply reply, Dialect dialect) {
            int size = reply.u16();
            int left = reply.left() - size;
            reply.bytes(2 + 4);
            Reply.Qid qid = reply.qid();
            int mode = reply.i32();
            reply.bytes(8);
            long length = reply.i64();
            String name = reply.text();
            String user = reply.text();
            reply.text();
            reply.text();
            int number = -1;
            if (dialect == Dialect.UNIX) {
                reply.text();
                number = reply.i32();
                reply.bytes(8);
            }
            assertThat(reply.left()).as("the size a stat tells").isEqualTo(left);
            return new Stat(qid, mode, length, name, user, number);
        }
    }

    private static Stat stat(Peer peer, String path) {
        Reply reply = peer.call(Message.of(Type.TSTAT).u32(peer.walkTo(path)));
        assertThat(reply.isError()).isFalse();
        assertThat(reply.u16()).isEqualTo(reply.left());
        return Stat.of(reply, peer.dialect);
    }

    @ParameterizedTest
    @EnumSource(names = {"PLAN9", "UNIX"})
    void directory_isReadInPieces_ofWholeEntries(Dialect dialect) {
        List<String> expected = new ArrayList<>(List.of("ctl", "stats"));
        for (int i = 0; i < 200; i++) {
            String name = String.format("channel-%03d", i);
            files.channel(name, 1);
            expected.add(name);
        }
        Peer peer = files.peer(dialect);
        int fid = peer.open("", 0);

        assertThat(listed(peer, fid, 500)).containsExactlyElementsOf(expected);
        assertThat(listed(peer, fid, 4000)).as("from the beginning").containsExactlyElementsOf(expected);
        assertThat(peer.call(Message.of(Type.TREAD).u32(fid).u64(17).u32(500)).isError())
                .as("from within an entry")
                .isTrue();
    }

    private static List<String> listed(Peer peer, int fid, int count) {
        List<String> names = new ArrayList<>();
        long offset = 0;
        while (true) {
            Reply part = peer.call(Message.of(Type.TREAD).u32(fid).u64(offset).u32(count));
            assertThat(part.isError()).isFalse();
            int bytes = part.i32();
            if (bytes == 0) {
                return names;
            }
            assertThat(bytes).isLessThanOrEqualTo(count);
            offset += bytes;
            while (part.left() > 0) {
                names.add(Stat.of(part, peer.dialect).name);
            }
        }
    }

    /** A Twstat that leaves everything but a few fields as it is. */
    private static Message wstat(Peer peer, int fid, long mode, long length, String name, String user) {
        Message stat = Message.of(0)
                .u16(0xFFFF)
                .u32(0xFFFF_FFFFL)
                .u8(0xFF)
                .u32(0xFFFF_FFFFL)
                .u64(-1)
                .u32(mode)
                .u32(0xFFFF_FFFFL)
                .u32(0xFFFF_FFFFL)
                .u64(length)
                .text(name)
                .text(user)
                .text("")
                .text("");
        if (peer.dialect == Dialect.UNIX) {
            stat.text("").u32(0xFFFF_FFFFL).u32(0xFFFF_FFFFL).u32(0xFFFF_FFFFL);
        }
        byte[] bytes = stat.encode(0);
        int size = bytes.length - 7;
        byte[] body = java.util.Arrays.copyOfRange(bytes, 7, bytes.length);
        return Message.of(Type.TWSTAT).u32(fid).u16(size + 2).u16(size).raw(body);
    }

    @ParameterizedTest
    @EnumSource(names = {"PLAN9", "UNIX"})
    void wstat_renames_takesLengthZero_andRefusesTheRest(Dialect dialect) {
        FileServer.send(files.channel("plant/press", 10), "hello");
        Peer peer = files.peer(dialect);
        int fid = peer.walkTo("plant/press");
        long same = 0xFFFF_FFFFL;

        assertThat(peer.call(wstat(peer, fid, same, -1, "", "")).isError())
                .as("nothing")
                .isFalse();
        assertThat(peer.call(wstat(peer, fid, same, 0, "", "")).isError())
                .as("length 0")
                .isFalse();
        assertThat(peer.call(wstat(peer, fid, 0666, 0, "", "")).isError())
                .as("the same mode")
                .isFalse();
        assertThat(peer.error(peer.call(wstat(peer, fid, same, 7, "", ""))))
                .isEqualTo(error(dialect, 22, "Invalid argument"));
        assertThat(peer.error(peer.call(wstat(peer, fid, 0600, -1, "", ""))))
                .isEqualTo(error(dialect, 1, "Operation not permitted"));
        assertThat(peer.call(wstat(peer, fid, same, -1, "", "root")).isError())
                .as("owner")
                .isTrue();
        assertThat(peer.call(wstat(peer, fid, same, -1, "mill", "")).isError())
                .as("name")
                .isFalse();

        assertThat(files.channels.list("").collectList().block()).containsExactly("plant/mill");
        assertThat(stat(peer, "plant/mill").name).isEqualTo("mill");
        assertThat(peer.openReply(fid, 0).isError())
                .as("the fid has come along")
                .isFalse();
        assertThat(peer.read(fid, 100)).isEqualTo("hello");
    }

    @ParameterizedTest
    @EnumSource(names = {"PLAN9", "UNIX"})
    void openForRemoval_removesWhenClunked(Dialect dialect) {
        files.channel("pipeline", 10);
        Peer peer = files.peer(dialect);
        int fid = peer.walkTo("pipeline");
        assertThat(peer.openReply(fid, 0x40).isError()).isFalse();

        peer.clunk(fid);

        assertThat(files.channels.count().block()).isZero();
    }

    @ParameterizedTest
    @EnumSource(names = "UNIX")
    void linksDevicesAndPipes_areNotMade(Dialect dialect) {
        Peer peer = files.peer(dialect);
        for (long kind : new long[] {0x0200_0000L, 0x0100_0000L, 0x0080_0000L, 0x0020_0000L, 0x0010_0000L}) {
            Reply reply = peer.call(Message.of(Type.TCREATE)
                    .u32(peer.walkTo(""))
                    .text("x")
                    .u32(kind | 0644)
                    .u8(0)
                    .text("target"));
            assertThat(peer.error(reply)).isEqualTo(95);
        }
    }
}
