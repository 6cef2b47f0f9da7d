package dev.sluice.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.Frame;
import dev.sluice.channel.Channels;
import dev.sluice.ninep.NinePOptions;
import dev.sluice.ninep.NinePServer;
import dev.sluice.switching.ServiceRegistry;
import dev.sluice.switching.Sinkhole;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** A hub's channels are files too. What can be done with those, the tests of their own module tell. */
class HubFilesTest {

    private static HubOptions.Builder options() {
        return HubOptions.builder().tcp("127.0.0.1", 0);
    }

    private static Hub started(HubOptions options) {
        return Objects.requireNonNull(Hub.create(options).start().block());
    }

    /** The answer to a Tversion. */
    private static String versionOf(URI files) throws IOException {
        byte[] version = "9P2000.L".getBytes(StandardCharsets.UTF_8);
        ByteBuffer request = ByteBuffer.allocate(13 + version.length).order(ByteOrder.LITTLE_ENDIAN);
        request.putInt(request.capacity())
                .put((byte) 100)
                .putShort((short) -1)
                .putInt(8192)
                .putShort((short) version.length)
                .put(version);
        try (Socket socket = new Socket(files.getHost(), files.getPort())) {
            OutputStream out = socket.getOutputStream();
            out.write(request.array());
            byte[] answer = new byte[request.capacity()];
            new DataInputStream(socket.getInputStream()).readFully(answer);
            return new String(answer, 13, version.length, StandardCharsets.UTF_8);
        }
    }

    @Test
    void files_areServed_whereTheOptionsSay_untilTheHubEnds() throws IOException {
        Hub hub = started(options().ninep("127.0.0.1", 0).build());
        URI files = Objects.requireNonNull(hub.files());
        assertThat(files.toString()).matches("tcp://127\\.0\\.0\\.1:\\d+");

        assertThat(versionOf(files)).isEqualTo("9P2000.L");

        hub.drain().block();
        assertThatThrownBy(() -> versionOf(files)).isInstanceOf(ConnectException.class);
    }

    @Test
    void filesAreNotServed_byDefault() {
        Hub hub = started(options().build());
        assertThat(hub.files()).isNull();
        hub.close().block();
    }

    @Test
    void filesThatCannotBeServed_endTheWholeHub() {
        Hub first = started(options().ninep("127.0.0.1", 0).build());
        int taken = Objects.requireNonNull(first.files()).getPort();
        Hub second = Hub.create(options().ninep("127.0.0.1", taken).build());

        assertThatThrownBy(() -> second.start().block()).hasMessageContaining(Integer.toString(taken));

        assertThat(second.channels().isClosed()).isTrue();
        first.close().block();
    }

    @Test
    void closeWhileItBegins_leavesNothingThatListens() throws IOException {
        int free;
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = taken.getLocalPort();
        }
        HubOptions options = options().ninep("127.0.0.1", free).build();
        Channels channels = Channels.inMemory();
        ServiceRegistry<Frame> services = ServiceRegistry.create();
        HubFiles files = new HubFiles(options, channels, services, Sinkhole.create("/dev/null"));
        NinePServer begun = Objects.requireNonNull(NinePServer.serve(
                        channels,
                        services,
                        NinePOptions.builder().host("127.0.0.1").port(free).build())
                .block());

        files.drain();
        files.close().block();

        assertThatThrownBy(() -> files.began(begun).block()).hasMessageContaining("closed while it began");
        try (ServerSocket again = new ServerSocket(free, 1, InetAddress.getLoopbackAddress())) {
            assertThat(again.isBound()).isTrue();
        }
        channels.close().block();
    }

    @Test
    void drainWhileItBegins_takesNobody() throws IOException {
        Channels channels = Channels.inMemory();
        ServiceRegistry<Frame> services = ServiceRegistry.create();
        HubOptions options = options().ninep("127.0.0.1", 0).build();
        HubFiles files = new HubFiles(options, channels, services, Sinkhole.create("/dev/null"));

        files.drain();
        files.start().block();

        URI where = URI.create(
                "tcp://127.0.0.1:" + Objects.requireNonNull(files.address()).getPort());
        assertThatThrownBy(() -> versionOf(where)).isInstanceOf(IOException.class);
        files.close().block();
        channels.close().block();
    }

    @Test
    void filesForOthers_areServed_onlyWhenAllowed() {
        Hub hub = Hub.create(options().ninep("0.0.0.0", 0).build());
        assertThatThrownBy(() -> hub.start().block()).hasMessageContaining("9P carries no secret");

        Hub allowed =
                started(options().ninep("0.0.0.0", 0).ninepAllowRemote(true).build());
        assertThat(allowed.files()).isNotNull();
        allowed.close().block();
    }
}
