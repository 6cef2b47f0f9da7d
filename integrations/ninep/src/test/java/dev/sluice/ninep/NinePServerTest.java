package dev.sluice.ninep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sluice.ConfigurationException;
import dev.sluice.Frame;
import dev.sluice.channel.Channel;
import dev.sluice.channel.ChannelOptions;
import dev.sluice.channel.Channels;
import dev.sluice.ninep.wire.Dialect;
import dev.sluice.rsocket.transport.NoLeaks;
import dev.sluice.switching.ServiceRegistry;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.netty.ChannelBindException;

/** A server begins and ends. */
@ExtendWith(NoLeaks.class)
class NinePServerTest {

    @RegisterExtension
    private final FileServer files = new FileServer(options -> options.mostConnections(2)
            .channelOptions(ChannelOptions.builder().capacity(3).build()));

    private static NinePServer serve(NinePOptions options) {
        return Objects.requireNonNull(NinePServer.serve(Channels.inMemory(), ServiceRegistry.create(), options)
                .block());
    }

    @Test
    void otherAddresses_areServed_onlyWhenAllowed() {
        NinePOptions.Builder everywhere = NinePOptions.builder().host("0.0.0.0").port(0);

        assertThatThrownBy(() -> serve(everywhere.build()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("9P carries no secret")
                .hasMessageContaining("allowRemote(true)");

        serve(everywhere.allowRemote(true).build()).close().block();
    }

    @Test
    void portInUse_fails() {
        NinePOptions same =
                NinePOptions.builder().port(files.server.address().getPort()).build();
        assertThatThrownBy(() -> serve(same)).isInstanceOf(ChannelBindException.class);
    }

    @Test
    void hostThatIsNone_fails() {
        assertThatThrownBy(() -> serve(
                        NinePOptions.builder().host("no.such.host.invalid").build()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("no.such.host.invalid");
    }

    @Test
    void options_refuseWhatIsOutOfBounds() {
        assertThatThrownBy(() -> NinePOptions.builder().longestMessage(4095).build())
                .hasMessageContaining("longestMessage must be 4096");
        assertThatThrownBy(() -> NinePOptions.builder().port(65_536).build()).hasMessageContaining("port");
        assertThatThrownBy(() -> NinePOptions.builder().mostWaiting(65_536).build())
                .hasMessageContaining("mostWaiting");
        assertThat(NinePOptions.defaults().port()).isEqualTo(5640);
    }

    @Test
    void connectionsTooMany_areClosed_andTheOthersStay() {
        Peer first = files.peer();
        Peer second = files.peer();

        assertThat(Peer.silent(files.server, Dialect.LINUX).isClosed()).isTrue();

        second.close();
        await().until(() -> files.server.connections() == 1);
        files.peer().walkTo("ctl");
        first.walkTo("ctl");
    }

    @Test
    void channelsMadeAsFiles_areAsTheOptionsSay() {
        Peer peer = files.peer();
        peer.create("", "pipeline");
        assertThat(files.channels.channel("pipeline").capacity()).isEqualTo(3);
    }

    @Test
    void drain_takesNoMoreFrames_andLetsThoseThatAreThereBeRead() {
        Channel<Frame> channel = files.channel("pipeline", 10);
        FileServer.send(channel, "hello");
        Peer peer = files.peer();
        int fid = peer.open("pipeline", 2);

        files.server.drain();

        assertThat(peer.write(fid, "more").errno()).isEqualTo(32);
        assertThat(peer.read(fid, 100)).isEqualTo("hello");
        await().untilAsserted(() -> assertThatThrownBy(() -> Peer.silent(files.server, Dialect.LINUX))
                .hasMessageContaining("refused"));
    }

    @Test
    void close_givesBackWhatWasBeingRead_andWithdrawsWhatWaits() {
        Channel<Frame> channel = files.channel("pipeline", 1);
        FileServer.send(channel, "abcdef");
        Peer peer = files.peer();
        int fid = peer.open("pipeline", 2);
        peer.read(fid, 2);
        peer.write(fid, "second");
        peer.send(Peer.writeOf(fid, "third"));
        await().until(() -> Objects.requireNonNull(channel.stats().block()).waitingSends() == 1);

        files.server.close().block();

        assertThat(peer.isClosed()).isTrue();
        assertThat(FileServer.take(channel)).isEqualTo("cdef");
        assertThat(FileServer.take(channel)).isEqualTo("second");
        await().until(() -> Objects.requireNonNull(channel.stats().block()).waitingSends() == 0);
        assertThat(Objects.requireNonNull(channel.stats().block()).accepted()).isEqualTo(2);
        files.server.close().block();
    }
}
