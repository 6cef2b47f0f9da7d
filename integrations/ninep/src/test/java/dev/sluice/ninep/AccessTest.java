package dev.sluice.ninep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.ninep.wire.Dialect;
import dev.sluice.ninep.wire.Type;
import dev.sluice.rsocket.security.AccessPolicy;
import dev.sluice.rsocket.security.Verb;
import dev.sluice.rsocket.transport.NoLeaks;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The policy says who sees and does what. */
@ExtendWith(NoLeaks.class)
class AccessTest {

    private static final AccessPolicy POLICY = AccessPolicy.builder()
            .identity("root", "*", Verb.values())
            .identity("sensor", "plant/*", Verb.SEND)
            .identity("display", "plant/*", Verb.RECEIVE)
            .identity("display", "log", Verb.LISTEN)
            .build();

    @RegisterExtension
    private final FileServer files = new FileServer(options -> options.accessPolicy(POLICY));

    @BeforeEach
    void channels() {
        files.channel("plant/press", 10);
        files.channel("secret/plan", 10);
        files.channel("log", 10);
    }

    private Peer as(String user) {
        return files.kept(Peer.of(files.server, Dialect.LINUX, 8192, user, ""));
    }

    private static int mode(Peer peer, String path) {
        Reply reply = peer.call(Message.of(Type.TGETATTR).u32(peer.walkTo(path)).u64(0x7FF));
        reply.i64();
        reply.qid();
        return reply.i32();
    }

    private static List<String> list(Peer peer, String path) {
        Reply reply = peer.call(
                Message.of(Type.TREADDIR).u32(peer.open(path, 0)).u64(0).u32(4000));
        reply.i32();
        List<String> names = new java.util.ArrayList<>();
        while (reply.left() > 0) {
            reply.qid();
            reply.i64();
            reply.u8();
            names.add(reply.text());
        }
        return names;
    }

    @Test
    void whatIsNotAllowed_isNotThere() {
        Peer sensor = as("sensor");

        assertThat(list(sensor, "")).containsExactly(".", "..", "ctl", "stats", "plant");
        assertThat(sensor.walk(Peer.ROOT, 9, "secret").errno()).isEqualTo(2);
        assertThat(sensor.walk(Peer.ROOT, 9, "log").errno()).isEqualTo(2);
        assertThat(list(as("stranger"), "")).containsExactly(".", "..", "ctl", "stats");
        Peer stranger = as("stranger");
        assertThat(stranger.readAll(stranger.open("ctl", 0))).isEmpty();
        assertThat(list(as("root"), "")).contains("plant", "secret", "log");
    }

    @Test
    void modes_sayWhatIsAllowed() {
        assertThat(mode(as("sensor"), "plant/press")).isEqualTo(0100222);
        assertThat(mode(as("display"), "plant/press")).isEqualTo(0100444);
        assertThat(mode(as("root"), "plant/press")).isEqualTo(0100666);
        assertThat(mode(as("display"), "log")).isEqualTo(0100000);
        assertThat(mode(as("display"), "log@@latest")).isEqualTo(0100444);
        assertThat(mode(as("display"), "plant")).isEqualTo(0040555);
        assertThat(mode(as("root"), "plant")).isEqualTo(0040777);
    }

    @Test
    void opening_takesTheRight() {
        Peer sensor = as("sensor");
        Peer display = as("display");

        assertThat(sensor.openReply(sensor.walkTo("plant/press"), 0).errno()).isEqualTo(13);
        assertThat(sensor.openReply(sensor.walkTo("plant/press"), 2).errno()).isEqualTo(13);
        assertThat(sensor.openReply(sensor.walkTo("plant/press"), 1).isError()).isFalse();
        assertThat(display.openReply(display.walkTo("plant/press"), 1).errno()).isEqualTo(13);
        assertThat(display.openReply(display.walkTo("log"), 0).errno()).isEqualTo(13);
        assertThat(display.openReply(display.walkTo("log@@latest"), 0).isError())
                .isFalse();
    }

    @Test
    void managing_takesAdmin() {
        Peer sensor = as("sensor");

        assertThat(sensor.call(Message.of(Type.TREMOVE).u32(sensor.walkTo("plant/press")))
                        .errno())
                .isEqualTo(13);
        assertThat(sensor.makeDirectory("plant", "hall").errno()).isEqualTo(13);
        assertThat(sensor.call(Message.of(Type.TRENAMEAT)
                                .u32(sensor.walkTo("plant"))
                                .text("press")
                                .u32(sensor.walkTo("plant"))
                                .text("mill"))
                        .errno())
                .isEqualTo(13);
        assertThat(sensor.write(sensor.open("ctl", 1), "/plant/press 20\n").errno())
                .isEqualTo(13);
        assertThat(sensor.write(sensor.open("ctl", 1), "capacity secret/plan 20\n")
                        .errno())
                .isEqualTo(13);
        assertThat(sensor.write(sensor.open("ctl", 1), "capacity no/such 20\n").errno())
                .isEqualTo(13);
    }

    @Test
    void whatIsRefused_tellsNothing_andLeavesNothingBehind() {
        Peer sensor = as("sensor");
        int plant = sensor.walkTo("plant");
        int root = sensor.walkTo("");
        for (String target : List.of("secret", "nothing")) {
            assertThat(sensor.call(Message.of(Type.TRENAMEAT)
                                    .u32(plant)
                                    .text("press")
                                    .u32(root)
                                    .text(target))
                            .errno())
                    .as(target)
                    .isEqualTo(13);
        }
        Reply numbers = sensor.call(Message.of(Type.TSTATFS).u32(Peer.ROOT));
        numbers.bytes(4 + 4 + 3 * 8);
        assertThat(numbers.i64()).as("channels told to who does not see them").isZero();

        assertThat(sensor.createReply(sensor.walkTo("plant"), "unread", 0).errno())
                .isEqualTo(13);
        assertThat(files.channels.find("plant/unread").block()).isNull();
    }

    @Test
    void exclusiveCreate_isExclusive_withoutAdminToo() {
        Peer sensor = as("sensor");
        int exclusive = 0200 | 1;

        assertThat(sensor.createReply(sensor.walkTo("plant"), "press", exclusive)
                        .errno())
                .isEqualTo(17);
        assertThat(sensor.createReply(sensor.walkTo("plant"), "lock", exclusive).isError())
                .isFalse();
        assertThat(sensor.createReply(sensor.walkTo("plant"), "lock", exclusive).errno())
                .isEqualTo(17);
        assertThat(sensor.createReply(sensor.walkTo("plant"), "lock", 1).isError())
                .isFalse();
    }

    /** Who sees one channel among very many is served all the same. */
    @Test
    void fewAmongVeryMany_areFound() {
        for (int i = 0; i < 500; i++) {
            files.channel("aaa/" + i, 1);
        }
        Peer display = as("display");

        assertThat(list(display, "")).containsExactly(".", "..", "ctl", "stats", "log", "plant");
        assertThat(display.walk(Peer.ROOT, 70, "aaa").errno()).isEqualTo(2);
    }

    @Test
    void sender_makesChannels_thatGoWhenIdle() {
        Peer sensor = as("sensor");

        assertThat(sensor.createReply(sensor.walkTo("plant"), "mill", 1).isError())
                .isFalse();
        assertThat(sensor.createReply(sensor.walkTo(""), "other", 1).errno()).isEqualTo(13);

        assertThat(files.channels.deleteIfIdle("plant/mill").block()).isTrue();
        Peer root = as("root");
        root.createReply(root.walkTo("plant"), "hall", 1);
        assertThat(files.channels.deleteIfIdle("plant/hall").block())
                .as("declared")
                .isFalse();
    }

    @Test
    void userOfNoName_isTheMountsUser() {
        Peer peer = as("display");

        assertThat(peer.attach(50, "", "").isError()).isFalse();

        peer.walk(50, 51, "plant", "press");
        assertThat(peer.openReply(51, 0).isError()).isFalse();
        peer.walk(50, 52, "plant", "press");
        assertThat(peer.openReply(52, 1).errno()).isEqualTo(13);
    }

    @Test
    void attachBelow_isAllowedWhereSomethingIs() {
        Peer peer = files.kept(Peer.silent(files.server, Dialect.LINUX));
        peer.version(8192);

        assertThat(peer.attach(1, "display", "plant").isError()).isFalse();
        assertThat(peer.attach(2, "display", "secret").errno()).isEqualTo(2);
    }
}
