package dev.sluice.ninep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.ninep.wire.Dialect;
import dev.sluice.ninep.wire.Type;
import dev.sluice.rsocket.transport.NoLeaks;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages that are none: refused one by one, or the end of their connection. */
@ExtendWith(NoLeaks.class)
class MalformedTest {

    private static final int LIMIT = 50;

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

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3, 4, 5, 6, MEGABYTE + 25, Integer.MAX_VALUE, 0x8000_0000L, 0xFFFF_FFFFL})
    void sizeThatCannotBe_endsTheConnection(long size) {
        Peer peer = files.kept(Peer.of(files.server, Dialect.LINUX, 1 << 30, "mallory", ""));
        byte[] message = Message.of(Type.TREAD).u32(1).u64(0).u32(1).encode(5);
        for (int i = 0; i < 4; i++) {
            message[i] = (byte) (size >>> (8 * i));
        }
        peer.raw(message);
        assertThat(peer.isClosed()).isTrue();
    }

    @Test
    void messageBeforeAVersion_isRefused() {
        Peer peer = files.kept(Peer.silent(files.server, Dialect.PLAN9));
        assertThat(peer.attach(0, "mallory", "").text()).isEqualTo("Protocol error");
        assertThat(peer.version(8192)).isEqualTo(8192);
    }

    @Test
    void unknownVersion_isSaidToBeUnknown() {
        Peer peer = files.kept(Peer.silent(files.server, Dialect.PLAN9));
        for (String version : List.of("9P1999", "9P2000.x", "", "9p2000", "9P2000.LL")) {
            Reply reply = peer.call(Message.of(Type.TVERSION).u32(8192).text(version), 0xFFFF);
            reply.i32();
            assertThat(reply.text()).isEqualTo("unknown");
            assertThat(peer.attach(0, "mallory", "").isError()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void unknownTypes_andAnswers_areRefused(Dialect dialect) {
        Peer peer = files.peer(dialect);
        for (int type = 0; type < 256; type++) {
            if (type == Type.TVERSION) {
                continue;
            }
            Reply reply = peer.call(Message.of(type));
            assertThat(reply.isError()).as("type " + type).isTrue();
        }
    }

    /** Every request cut short by each number of bytes, and with one too many. */
    @ParameterizedTest
    @EnumSource
    void bodiesThatAreTooShortOrTooLong_areRefused(Dialect dialect) {
        Peer peer = files.peer(dialect);
        int fid = peer.open("neighbour@other", 2);
        int closed = peer.walkTo("neighbour");
        int root = peer.walkTo("");
        List<Message> wholes = new ArrayList<>(List.of(
                Message.of(Type.TWALK).u32(Peer.ROOT).u32(40).u16(1).text("neighbour"),
                Message.of(Type.TREAD).u32(fid).u64(0).u32(10),
                Message.of(Type.TWRITE).u32(fid).u64(0).u32(2).raw((byte) 1, (byte) 2),
                Message.of(Type.TCLUNK).u32(fid),
                Message.of(Type.TREMOVE).u32(closed),
                Message.of(Type.TFLUSH).u16(9)));
        wholes.addAll(dialect == Dialect.LINUX ? linux(fid, closed, root) : others(dialect, fid, closed, root));
        for (Message whole : wholes) {
            byte[] bytes = whole.encode(0);
            for (int cut = 7; cut <= bytes.length + 1; cut++) {
                if (cut == bytes.length) {
                    continue;
                }
                Message part = Message.of(whole.type());
                for (int i = 7; i < cut; i++) {
                    part.u8(i < bytes.length ? bytes[i] : 0);
                }
                assertThat(peer.call(part).isError())
                        .as("type " + whole.type() + " of " + cut + " bytes instead of " + bytes.length)
                        .isTrue();
            }
        }
    }

    private static List<Message> linux(int fid, int closed, int root) {
        return List.of(
                Message.of(Type.TLOPEN).u32(closed).u32(0),
                Message.of(Type.TLCREATE).u32(root).text("x").u32(0).u32(0).u32(0),
                Message.of(Type.TMKDIR).u32(root).text("x").u32(0).u32(0),
                Message.of(Type.TGETATTR).u32(fid).u64(0),
                Message.of(Type.TSETATTR)
                        .u32(fid)
                        .u32(0)
                        .u32(0)
                        .u32(0)
                        .u32(0)
                        .u64(0)
                        .u64(0)
                        .u64(0)
                        .u64(0)
                        .u64(0),
                Message.of(Type.TREADDIR).u32(fid).u64(0).u32(10),
                Message.of(Type.TRENAME).u32(closed).u32(root).text("x"),
                Message.of(Type.TRENAMEAT).u32(root).text("x").u32(root).text("y"),
                Message.of(Type.TUNLINKAT).u32(root).text("x").u32(0),
                Message.of(Type.TLOCK)
                        .u32(fid)
                        .u8(0)
                        .u32(0)
                        .u64(0)
                        .u64(0)
                        .u32(0)
                        .text("x"),
                Message.of(Type.TGETLOCK).u32(fid).u8(0).u64(0).u64(0).u32(0).text("x"),
                Message.of(Type.TSTATFS).u32(root));
    }

    private static List<Message> others(Dialect dialect, int fid, int closed, int root) {
        Message create = Message.of(Type.TCREATE).u32(root).text("x").u32(0644).u8(0);
        Message attach =
                Message.of(Type.TATTACH).u32(800).u32(0xFFFF_FFFFL).text("x").text("");
        return List.of(
                Message.of(Type.TOPEN).u32(closed).u8(0),
                dialect.isNumeric() ? create.text("") : create,
                dialect.isNumeric() ? attach.u32(0) : attach,
                Message.of(Type.TSTAT).u32(fid));
    }

    @Test
    void ownersAreNotGivenAway_alsoByNumber() {
        Peer peer = files.peer(Dialect.UNIX);
        int fid = peer.walkTo("neighbour");
        for (int which = 0; which < 2; which++) {
            Message stat = Message.of(0)
                    .u16(0xFFFF)
                    .u32(0xFFFF_FFFFL)
                    .u8(0xFF)
                    .u32(0xFFFF_FFFFL)
                    .u64(-1)
                    .u32(0xFFFF_FFFFL)
                    .u32(0xFFFF_FFFFL)
                    .u32(0xFFFF_FFFFL)
                    .u64(-1)
                    .text("")
                    .text("")
                    .text("")
                    .text("")
                    .text("")
                    .u32(which == 0 ? 7 : 0xFFFF_FFFFL)
                    .u32(which == 1 ? 7 : 0xFFFF_FFFFL)
                    .u32(0xFFFF_FFFFL);
            byte[] body = java.util.Arrays.copyOfRange(stat.encode(0), 7, stat.encode(0).length);
            Reply reply = peer.call(Message.of(Type.TWSTAT)
                    .u32(fid)
                    .u16(body.length + 2)
                    .u16(body.length)
                    .raw(body));
            assertThat(reply.errno()).isEqualTo(1);
        }
    }

    @Test
    void walkOfSeventeenNames_isRefused() {
        Peer peer = files.peer();
        String[] names = new String[17];
        java.util.Arrays.fill(names, "..");
        assertThat(peer.walk(Peer.ROOT, 1, names).errno()).isEqualTo(22);
        assertThat(peer.walk(Peer.ROOT, 1, java.util.Arrays.copyOf(names, 16)).isError())
                .isFalse();
    }

    @Test
    void namesThatAreNone_leadNowhere() {
        Peer peer = files.peer();
        for (String name : List.of("", "*", "a/b", "/", "x\ny")) {
            assertThat(peer.walk(Peer.ROOT, 1, name).errno())
                    .as("\"" + name + "\"")
                    .isEqualTo(2);
        }
        assertThat(peer.walk(Peer.ROOT, 1, "x\0y").errno()).isEqualTo(22);
        Message badText = Message.of(Type.TWALK).u32(Peer.ROOT).u32(1).u16(1).text(new byte[] {(byte) 0xC3, 0x28});
        assertThat(peer.call(badText).errno()).isEqualTo(22);
        Message surrogate = Message.of(Type.TWALK).u32(Peer.ROOT).u32(1).u16(1).text(new byte[] {
            (byte) 0xED, (byte) 0xA0, (byte) 0x80
        });
        assertThat(peer.call(surrogate).errno()).isEqualTo(22);
        Message longest = Message.of(Type.TWALK).u32(Peer.ROOT).u32(1).u16(1).text("x".repeat(60_000));
        assertThat(peer.call(longest).errno()).isEqualTo(36);
    }

    @Test
    void countsPastTheEnd_areRefused_andHugeOnesCutDown() {
        files.channel("data", 10);
        Peer peer = files.peer();
        int fid = peer.open("data", 2);
        byte[] data = "hello".getBytes(StandardCharsets.UTF_8);

        for (long count : new long[] {4, 6, 0x7FFF_FFFFL, 0xFFFF_FFFFL}) {
            assertThat(peer.call(Message.of(Type.TWRITE)
                                    .u32(fid)
                                    .u64(0)
                                    .u32(count)
                                    .raw(data))
                            .errno())
                    .as("count " + count)
                    .isEqualTo(22);
        }
        int waiting = peer.send(Peer.readOf(fid, 0xFFFF_FFFFL));
        peer.settled();
        assertThat(peer.write(fid, "hello").i32()).isEqualTo(5);
        assertThat(peer.reply(waiting).data()).isEqualTo("hello");
        assertThat(peer.call(Message.of(Type.TREADDIR)
                                .u32(peer.open("", 0))
                                .u64(0)
                                .u32(0xFFFF_FFFFL))
                        .isError())
                .isFalse();
        assertThat(peer.call(Message.of(Type.TREAD)
                                .u32(peer.open("stats", 0))
                                .u64(-1)
                                .u32(10))
                        .i32())
                .as("stats from beyond its end")
                .isZero();
    }

    @Test
    void fidsThatAreNotThere_areRefused() {
        Peer peer = files.peer();
        for (long fid : new long[] {4711, 0xFFFF_FFFFL, 0x8000_0000L}) {
            assertThat(peer.call(Message.of(Type.TCLUNK).u32(fid)).errno()).isEqualTo(9);
            assertThat(peer.call(Message.of(Type.TREAD).u32(fid).u64(0).u32(1)).errno())
                    .isEqualTo(9);
        }
        assertThat(peer.call(Message.of(Type.TWALK)
                                .u32(Peer.ROOT)
                                .u32(0xFFFF_FFFFL)
                                .u16(0))
                        .errno())
                .as("NOFID")
                .isEqualTo(9);
        assertThat(peer.call(Message.of(Type.TATTACH)
                                .u32(9)
                                .u32(5)
                                .text("mallory")
                                .text("")
                                .u32(0))
                        .errno())
                .as("an afid")
                .isEqualTo(9);
        assertThat(peer.attach(9, "mallory", "no/such/directory").errno()).isEqualTo(2);
    }
}
