package dev.sluice.ninep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.Frame;
import dev.sluice.channel.Channel;
import dev.sluice.rsocket.transport.NoLeaks;
import dev.sluice.switching.SwitchableSink;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is written to ctl is done; what ctl and stats say is true. */
@ExtendWith(NoLeaks.class)
class ControlTest {

    @RegisterExtension
    private final FileServer files = new FileServer();

    private Peer peer;
    private int ctl;

    @BeforeEach
    void open() {
        peer = files.peer();
        ctl = peer.open("ctl", 2);
    }

    private void done(String line) {
        Reply reply = peer.write(ctl, line);
        assertThat(reply.isError()).as(line).isFalse();
        assertThat(reply.i32()).isEqualTo(line.length());
    }

    private int refused(String line) {
        Reply reply = peer.write(ctl, line);
        assertThat(reply.isError()).as(line).isTrue();
        return reply.errno();
    }

    @Test
    void capacity_isSetAsTheAncestorDid_andInWords() {
        Channel<Frame> channel = files.channel("pipeline", 10);

        done("/pipeline 256\n");
        assertThat(channel.capacity()).isEqualTo(256);
        done("capacity pipeline 0");
        assertThat(channel.capacity()).isZero();
        done("capacity /pipeline 7\n\n# a comment\ncapacity pipeline 8\n");
        assertThat(channel.capacity()).isEqualTo(8);
    }

    @Test
    void namesWithBlanks_areWrittenInQuotes_orBeforeTheLastBlank() {
        Channel<Frame> channel = files.channel("a plant/press 1", 10);

        done("/a plant/press 1 20\n");
        assertThat(channel.capacity()).isEqualTo(20);
        done("capacity \"a plant/press 1\" 30\n");
        assertThat(channel.capacity()).isEqualTo(30);
        done("\"/a plant/press 1\" 40\n".replace("\"/", "/").replace("1\"", "1"));
        assertThat(channel.capacity()).isEqualTo(40);
    }

    @Test
    void nonsense_isRefused() {
        files.channel("pipeline", 10);

        assertThat(refused("explode pipeline\n")).isEqualTo(22);
        assertThat(refused("capacity pipeline\n")).isEqualTo(22);
        assertThat(refused("capacity pipeline many\n")).isEqualTo(22);
        assertThat(refused("capacity pipeline -1\n")).isEqualTo(22);
        assertThat(refused("capacity pipeline 999999999\n")).isEqualTo(22);
        assertThat(refused("capacity \"pipeline 10\n")).isEqualTo(22);
        assertThat(refused("capacity nothing 10\n")).isEqualTo(2);
        assertThat(refused("/nothing 10\n")).isEqualTo(2);
        assertThat(refused("/pipeline\n")).isEqualTo(22);
        assertThat(refused("swap a b\n")).isEqualTo(2);
        assertThat(refused("retain pipeline much\n")).isEqualTo(22);
        assertThat(refused("lease pipeline me\n")).isEqualTo(22);
        assertThat(refused("lease pipeline me soon\n")).isEqualTo(22);
        assertThat(refused("release pipeline\n")).isEqualTo(22);
        assertThat(refused("lease pipeline " + "x".repeat(201) + " 1s\n")).isEqualTo(22);
        assertThat(refused("x".repeat(5_000))).isEqualTo(22);
        assertThat(refused("#".repeat(70_000))).isEqualTo(22);
        assertThat(refused("capacity ../x 10\n")).isEqualTo(22);
    }

    @Test
    void lines_areDoneUntilOneIsRefused() {
        Channel<Frame> channel = files.channel("pipeline", 10);

        assertThat(refused("capacity pipeline 20\nnonsense\ncapacity pipeline 30\n"))
                .isEqualTo(22);

        assertThat(channel.capacity()).isEqualTo(20);
    }

    @Test
    void retain_keepsForThoseWhoComeLater() {
        Channel<Frame> channel = files.channel("pipeline", 10);
        done("retain pipeline last:2\n");
        FileServer.send(channel, "one", "two", "three");
        for (int i = 0; i < 3; i++) {
            FileServer.take(channel);
        }

        int fid = peer.open("pipeline@@earliest", 0);

        assertThat(peer.read(fid, 100)).isEqualTo("two");
        assertThat(peer.read(fid, 100)).isEqualTo("three");
    }

    @Test
    void close_endsReaders_withWhatIsLeft() {
        Channel<Frame> channel = files.channel("pipeline", 10);
        FileServer.send(channel, "hello");
        int fid = peer.open("pipeline", 0);

        done("close pipeline\n");

        assertThat(peer.read(fid, 5)).isEqualTo("hello");
        assertThat(peer.read(fid, 5)).isEmpty();
    }

    @Test
    void services_areSwappedDivertedAndRestored() {
        Channel<Frame> a = files.channel("a", 10);
        Channel<Frame> b = files.channel("b", 10);
        Channel<Frame> c = files.channel("c", 10);
        SwitchableSink<Frame> one = files.services.register("one", a);
        SwitchableSink<Frame> two = files.services.register("two", b);

        done("swap one two\n");
        one.send(Frame.text("from one")).block();
        two.send(Frame.text("from two")).block();
        assertThat(FileServer.take(b)).isEqualTo("from one");
        assertThat(FileServer.take(a)).isEqualTo("from two");

        done("divert one /c\n");
        one.send(Frame.text("diverted")).block();
        assertThat(FileServer.take(c)).isEqualTo("diverted");
        done("divert one /dev/null\n");
        one.send(Frame.text("lost")).block();
        done("divert one hold\n");
        assertThat(one.trySend(Frame.text("held")).isAccepted()).isFalse();
        done("restore one\n");
        one.send(Frame.text("restored")).block();
        assertThat(FileServer.take(b)).isEqualTo("restored");
        assertThat(refused("divert one /nothing\n")).isEqualTo(2);
        assertThat(refused("divert one /hold\n")).as("a channel of that name").isEqualTo(2);
    }

    @Test
    void lease_isTheConnections_untilItIsReleased() {
        Channel<Frame> channel = files.channel("display", 10);
        Peer other = files.peer();
        done("lease display updater 30s\n");

        int waiting = other.send(Peer.writeOf(other.open("display", 1), "other"));
        await().until(() -> Objects.requireNonNull(channel.stats().block()).waitingSends() == 1);
        assertThat(peer.write(peer.open("display", 1), "mine").i32()).isEqualTo(4);
        done("lease display updater 30s\n");
        assertThat(refused("lease display somebody 30s\n")).isEqualTo(16);
        assertThat(refused("lease display updater 1h\n")).as("in other words").isEqualTo(16);
        assertThat(other.write(other.open("ctl", 1), "lease display me 1s\n").errno())
                .isEqualTo(16);
        assertThat(other.write(other.open("ctl", 1), "release display\n").errno())
                .isEqualTo(22);
        done("release display\n");

        assertThat(other.reply(waiting).i32()).isEqualTo(5);
        assertThat(List.of(FileServer.take(channel), FileServer.take(channel))).containsExactly("mine", "other");
    }

    @Test
    void lease_endsWithItsConnection() {
        Channel<Frame> channel = files.channel("display", 10);
        Peer other = files.peer();
        other.write(other.open("ctl", 1), "lease display updater 1h\n");
        int waiting = peer.send(Peer.writeOf(peer.open("display", 1), "mine"));
        await().until(() -> Objects.requireNonNull(channel.stats().block()).waitingSends() == 1);

        other.kill();

        assertThat(peer.reply(waiting).i32()).isEqualTo(4);
    }

    @Test
    void lease_endsWhenItsConnectionBeginsAnew() {
        files.channel("display", 10);
        Peer other = files.peer();
        other.write(other.open("ctl", 1), "lease display updater 1h\n");

        other.version(8192);

        done("lease display me 1s\n");
    }

    @Test
    void lease_sendsServicesElsewhere_ifItSaysSo() {
        Channel<Frame> display = files.channel("display", 10);
        Channel<Frame> log = files.channel("log", 10);
        SwitchableSink<Frame> service = files.services.register("service", display);

        done("lease display updater 30s log\n");
        service.send(Frame.text("elsewhere")).block();
        done("release display\n");
        service.send(Frame.text("here")).block();

        assertThat(FileServer.take(log)).isEqualTo("elsewhere");
        assertThat(FileServer.take(display)).isEqualTo("here");
    }

    @Test
    void ctl_listsChannelsAndCapacities() {
        files.channel("pipeline", 256);
        files.channel("plant/press", 0);
        assertThat(peer.readAll(peer.open("ctl", 0))).isEqualTo("/pipeline 256\n/plant/press 0\n");
    }

    @Test
    void stats_tellsALineAChannel_theSameInShortReads() {
        Channel<Frame> channel = files.channel("pipeline", 10);
        FileServer.send(channel, "one", "two", "three");
        FileServer.take(channel);
        int reading = peer.open("pipeline@other", 0);
        int fid = peer.open("stats", 0);
        StringBuilder text = new StringBuilder();
        for (String part = "-"; !part.isEmpty(); ) {
            Reply reply = peer.call(Message.of(116).u32(fid).u64(text.length()).u32(7));
            part = reply.data();
            text.append(part);
            FileServer.take(channel.isClosed() ? channel : files.channels.channel("pipeline"));
            FileServer.send(channel, "more");
        }
        peer.clunk(reading);

        String[] lines = text.toString().split("\n");
        assertThat(lines).hasSize(2);
        assertThat(lines[0])
                .isEqualTo(
                        "# name capacity waiting readers writers received/s sent/s average-received/s average-sent/s");
        assertThat(lines[1]).matches("/pipeline 10 [23] \\d 0 [0-9.]+ [0-9.]+ [0-9.]+ [0-9.]+");
    }

    @Test
    void attachedBelow_namesAreThoseOfItsTree() {
        Channel<Frame> press = files.channel("plant/press", 10);
        files.channel("other", 10);
        Peer below = files.kept(Peer.of(files.server, peer.dialect, 8192, "glenda", "/plant"));

        assertThat(below.readAll(below.open("ctl", 0))).isEqualTo("/press 10\n");
        assertThat(below.write(below.open("ctl", 1), "/press 20\n").isError()).isFalse();
        assertThat(press.capacity()).isEqualTo(20);
        assertThat(below.write(below.open("ctl", 1), "/other 20\n").errno()).isEqualTo(2);
        assertThat(below.walk(Peer.ROOT, 9, "..", "other").u16())
                .as("up is the same place")
                .isEqualTo(1);
        assertThat(below.readAll(below.open("stats", 0))).contains("\n/press ").doesNotContain("other");
    }
}
