package dev.sluice.rsocket.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.rsocket.exceptions.ConnectionCloseException;
import io.rsocket.frame.ErrorFrameCodec;
import io.rsocket.frame.FrameHeaderCodec;
import io.rsocket.frame.FrameType;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.NettyPipeline;

/** What comes to a server that has been told to end: the system had accepted it before. */
@ExtendWith(NoLeaks.class)
class ServerConnectionsTest {

    private static final String WHY = "the server shuts down";

    private final ServerConnections connections =
            new ServerConnections(TransportOptions.tcp("127.0.0.1", 0).build(), accepted -> Mono.never(), () -> {});
    private final EmbeddedChannel channel = new EmbeddedChannel();

    @AfterEach
    void nothingIsLeft() {
        channel.finishAndReleaseAll();
        assertThat(connections.count()).isZero();
        assertThat(connections.whenNone().toFuture()).isCompleted();
    }

    /** The ways in which a server ends. */
    private static Stream<Named<Consumer<ServerConnections>>> endings() {
        return Stream.of(
                Named.of("unused", ServerConnections::endUnused),
                Named.of("all", connections -> connections.endAll(new ConnectionCloseException(WHY))),
                Named.of("cut", ServerConnections::cut));
    }

    @ParameterizedTest
    @MethodSource("endings")
    void accepted_afterTheEnd_isClosed(Consumer<ServerConnections> ending) {
        ending.accept(connections);
        connections.accepted(channel);
        channel.runPendingTasks();
        assertThat(channel.isOpen()).isFalse();
    }

    @ParameterizedTest
    @MethodSource("endings")
    void accepted_beforeTheEnd_isClosedByIt(Consumer<ServerConnections> ending) {
        connections.accepted(channel);
        assertThat(channel.isOpen()).isTrue();
        ending.accept(connections);
        channel.runPendingTasks();
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void ready_whileAllAreEnded_isToldWhyAndClosed() {
        connections.accepted(channel);
        handshakeEnds(() -> connections.endAll(new ConnectionCloseException(WHY)));
        assertToldWhyAndClosed();
    }

    @Test
    @SuppressWarnings("FutureReturnValueIgnored") // the promise is told
    void ready_thatIsSlowToClose_isToldWhyOnce() {
        AtomicReference<@Nullable Runnable> close = new AtomicReference<>();
        channel.pipeline().addFirst(new ChannelOutboundHandlerAdapter() {
            @Override
            public void close(ChannelHandlerContext context, ChannelPromise promise) {
                close.compareAndSet(null, () -> context.close(promise));
            }
        });
        connections.accepted(channel);
        handshakeEnds(() -> {});
        connections.endAll(new ConnectionCloseException(WHY));
        connections.endAll(new ConnectionCloseException(WHY));
        channel.runPendingTasks();
        Objects.requireNonNull(close.get()).run();
        assertToldWhyAndClosed();
    }

    /** @param meanwhile runs when the connection is no longer in its handshake and not yet among those that are ready */
    private void handshakeEnds(Runnable meanwhile) {
        channel.pipeline().addLast(NettyPipeline.ReactiveBridge, new ChannelInboundHandlerAdapter());
        AtomicInteger looks = new AtomicInteger();
        Connection connection = () -> {
            if (looks.incrementAndGet() == 2) {
                meanwhile.run();
            }
            return channel;
        };
        connections.ready(connection);
        assertThat(looks).hasValueGreaterThan(1);
    }

    private void assertToldWhyAndClosed() {
        channel.runPendingTasks();
        ByteBuf sent = Unpooled.buffer();
        for (ByteBuf part; (part = channel.readOutbound()) != null; part.release()) {
            sent.writeBytes(part);
        }
        ByteBuf frame = sent.readSlice(sent.readMedium());
        assertThat(FrameHeaderCodec.frameType(frame)).isEqualTo(FrameType.ERROR);
        assertThat(ErrorFrameCodec.dataUtf8(frame)).isEqualTo(WHY);
        assertThat(sent.isReadable()).isFalse();
        assertThat(channel.isOpen()).isFalse();
    }
}
