package dev.sluice.ninep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.ninep.wire.Dialect;
import dev.sluice.ninep.wire.Type;
import dev.sluice.rsocket.transport.NoLeaks;
import java.util.List;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every dialect can say, said in each. */
@ExtendWith(NoLeaks.class)
class DialogTest {

    @RegisterExtension
    private final FileServer files = new FileServer();

    private static Object error(Dialect dialect, int number, String text) {
        return dialect == Dialect.PLAN9 ? text : (Object) number;
    }

    @ParameterizedTest
    @EnumSource
    void version_isTheOneThatWasAskedFor(Dialect dialect) {
        Peer peer = files.kept(Peer.silent(files.server, dialect));

        assertThat(peer.version(8192)).isEqualTo(8192);
        assertThat(peer.version(1 << 30)).isEqualTo((1 << 20) + 24);
    }

    @ParameterizedTest
    @EnumSource
    void version_thatIsTooShort_isRefusedWithAnError(Dialect dialect) {
        Peer peer = files.kept(Peer.silent(files.server, dialect));

        Reply reply = peer.call(Message.of(Type.TVERSION).u32(4095).text(dialect.version()), 0xFFFF);

        assertThat(reply.isError()).isTrue();
        assertThat(peer.version(4096)).isEqualTo(4096);
    }

    @ParameterizedTest
    @EnumSource
    void attach_givesTheRoot(Dialect dialect) {
        Peer peer = files.kept(Peer.silent(files.server, dialect));
        peer.version(8192);

        Reply attached = peer.attach(7, "glenda", "");

        assertThat(attached.type).isEqualTo(Type.TATTACH + 1);
        Reply.Qid qid = attached.qid();
        assertThat(qid.isDirectory()).isTrue();
        assertThat(qid.version()).isZero();
        assertThat(attached.left()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void auth_isRefused_asThereIsNone(Dialect dialect) {
        Peer peer = files.kept(Peer.silent(files.server, dialect));
        peer.version(8192);
        Message auth = Message.of(Type.TAUTH).u32(1).text("glenda").text("");

        Reply reply = peer.call(dialect.isNumeric() ? auth.u32(1000) : auth);

        assertThat(peer.error(reply)).isEqualTo(error(dialect, 2, "file does not exist"));
    }

    @ParameterizedTest
    @EnumSource
    void walk_goesAsFarAsItCan(Dialect dialect) {
        files.channel("plant/press/1", 10);
        Peer peer = files.peer(dialect);

        Reply all = peer.walk(Peer.ROOT, 1, "plant", "press", "1");
        assertThat(all.u16()).isEqualTo(3);
        assertThat(List.of(
                        all.qid().isDirectory(),
                        all.qid().isDirectory(),
                        all.qid().isDirectory()))
                .containsExactly(true, true, false);

        Reply part = peer.walk(Peer.ROOT, 2, "plant", "mill");
        assertThat(part.u16()).isEqualTo(1);
        assertThat(peer.call(Peer.clunkOf(2)).isError()).as("2 is no fid").isTrue();

        Reply none = peer.walk(Peer.ROOT, 2, "mill", "1");
        assertThat(peer.error(none)).isEqualTo(error(dialect, 2, "file does not exist"));
    }

    @ParameterizedTest
    @EnumSource
    void walk_up_endsAtTheRoot(Dialect dialect) {
        files.channel("plant/press/1", 10);
        Peer peer = files.peer(dialect);
        long root = qidOf(peer.walk(Peer.ROOT, 1, "..", ".."), 2);

        assertThat(qidOf(peer.walk(Peer.ROOT, 2, "plant", "press", "..", ".."), 4))
                .isEqualTo(root);
    }

    private static long qidOf(Reply walked, int count) {
        assertThat(walked.u16()).isEqualTo(count);
        long last = 0;
        for (int i = 0; i < count; i++) {
            last = walked.qid().path();
        }
        return last;
    }

    @ParameterizedTest
    @EnumSource
    void walk_fromAnOpenFid_isAllowed(Dialect dialect) {
        files.channel("pipeline", 10);
        Peer peer = files.peer(dialect);
        int open = peer.open("pipeline", 2);

        assertThat(peer.walk(open, 55).u16()).isZero();
        assertThat(peer.openReply(55, 0).isError()).isFalse();
        assertThat(peer.walk(open, 56, "x").isError())
                .as("a file is no directory")
                .isTrue();
        int root = peer.open("", 0);
        assertThat(peer.walk(root, 57, "pipeline").u16()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void fid_inUse_isNotGivenAgain(Dialect dialect) {
        Peer peer = files.peer(dialect);

        assertThat(peer.walk(Peer.ROOT, 5).isError()).isFalse();
        assertThat(peer.error(peer.walk(Peer.ROOT, 5))).isEqualTo(error(dialect, 9, "fid unknown or out of range"));
        assertThat(peer.attach(5, "glenda", "").isError()).isTrue();
        assertThat(peer.walk(5, 5).isError()).as("onto itself").isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void create_makesAChannel_openAtOnce(Dialect dialect) {
        Peer peer = files.peer(dialect);

        int fid = peer.create("", "pipeline");

        assertThat(files.channels.list("").collectList().block()).containsExactly("pipeline");
        assertThat(peer.write(fid, "hello").i32()).isEqualTo(5);
        assertThat(peer.read(fid, 100)).isEqualTo("hello");
    }

    @ParameterizedTest
    @EnumSource
    void create_ofWhatIsThere_opensIt(Dialect dialect) {
        FileServer.send(files.channel("pipeline", 10), "hello");
        Peer peer = files.peer(dialect);

        int fid = peer.create("", "pipeline");

        assertThat(peer.read(fid, 100)).isEqualTo("hello");
    }

    @ParameterizedTest
    @EnumSource
    void create_ofWhatCannotBeAChannel_isRefused(Dialect dialect) {
        Peer peer = files.peer(dialect);

        for (String name : List.of("a@b", "..", "*", "", "a/b", "x\u0001", "ctl")) {
            Reply reply = peer.createReply(peer.walkTo(""), name, 2);
            assertThat(reply.isError()).as("create \"" + name + "\"").isTrue();
        }
        assertThat(peer.error(peer.createReply(peer.walkTo(""), "x".repeat(256), 2)))
                .isEqualTo(error(dialect, 36, "File name too long"));
    }

    @ParameterizedTest
    @EnumSource
    void directories_areMadeAndRemoved(Dialect dialect) {
        Peer peer = files.peer(dialect);

        assertThat(peer.makeDirectory("", "plant").isError()).isFalse();
        assertThat(peer.error(peer.makeDirectory("", "plant"))).isEqualTo(error(dialect, 17, "file already exists"));
        assertThat(peer.makeDirectory("plant", "press").isError()).isFalse();
        assertThat(peer.error(peer.call(Message.of(Type.TREMOVE).u32(peer.walkTo("plant")))))
                .isEqualTo(error(dialect, 39, "directory is not empty"));
        int channel = peer.create("plant/press", "1");
        assertThat(peer.call(Message.of(Type.TREMOVE).u32(peer.walkTo("plant/press")))
                        .isError())
                .isTrue();
        assertThat(peer.call(Message.of(Type.TREMOVE).u32(channel)).isError()).isFalse();
        assertThat(files.channels.count().block()).isZero();
        assertThat(peer.call(Message.of(Type.TREMOVE).u32(peer.walkTo("plant/press")))
                        .isError())
                .isFalse();
        assertThat(peer.call(Message.of(Type.TREMOVE).u32(peer.walkTo("plant"))).isError())
                .isFalse();
        assertThat(peer.walk(Peer.ROOT, 99, "plant").isError()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void remove_givesTheFidUp_alsoWhenItFails(Dialect dialect) {
        Peer peer = files.peer(dialect);
        int ctl = peer.walkTo("ctl");

        assertThat(peer.error(peer.call(Message.of(Type.TREMOVE).u32(ctl))))
                .isEqualTo(error(dialect, 1, "Operation not permitted"));
        assertThat(peer.call(Peer.clunkOf(ctl)).isError()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void secondVersion_closesEverything(Dialect dialect) {
        files.channel("pipeline", 10);
        Peer peer = files.peer(dialect);
        int fid = peer.open("pipeline", 0);
        int waiting = peer.send(Peer.readOf(fid, 100));

        peer.version(8192);

        assertThat(peer.call(Peer.clunkOf(fid)).isError()).as("the fid is gone").isTrue();
        peer.attach(Peer.ROOT, "glenda", "");
        int again = peer.open("pipeline", 2);
        assertThat(peer.write(again, "hello").i32()).isEqualTo(5);
        assertThat(peer.call(Peer.readOf(again, 100), waiting).data()).isEqualTo("hello");
    }

    @ParameterizedTest
    @EnumSource
    void open_forWhatAFileIsNot_isRefused(Dialect dialect) {
        files.channel("plant/1", 10);
        Peer peer = files.peer(dialect);

        assertThat(peer.error(peer.openReply(peer.walkTo("plant"), 1))).isEqualTo(error(dialect, 21, "Is a directory"));
        assertThat(peer.error(peer.openReply(peer.walkTo("stats"), 1)))
                .isEqualTo(error(dialect, 13, "permission denied"));
        int reading = peer.open("plant/1", 0);
        assertThat(peer.openReply(reading, 0).isError()).as("open twice").isTrue();
        assertThat(peer.write(reading, "x").isError())
                .as("write to what is open for reading")
                .isTrue();
        int writing = peer.open("plant/1", 1);
        assertThat(peer.call(Peer.readOf(writing, 10)).isError())
                .as("read what is open for writing")
                .isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void requestsOfOtherDialects_areRefused(Dialect dialect) {
        Peer peer = files.peer(dialect);
        int type = dialect == Dialect.LINUX ? Type.TSTAT : Type.TGETATTR;

        Reply reply = peer.call(Message.of(type).u32(Peer.ROOT));

        assertThat(peer.error(reply)).isEqualTo(error(dialect, 95, "Operation not supported"));
    }
}
