package dev.sluice.perf.network;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.rsocket.Payload;
import io.rsocket.RSocket;
import io.rsocket.SocketAcceptor;
import io.rsocket.core.RSocketConnector;
import io.rsocket.core.RSocketServer;
import io.rsocket.frame.decoder.PayloadDecoder;
import io.rsocket.transport.netty.client.TcpClientTransport;
import io.rsocket.transport.netty.server.CloseableChannel;
import io.rsocket.transport.netty.server.TcpServerTransport;
import io.rsocket.util.ByteBufPayload;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Objects;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;

/** RSocket as it is: a request-stream for each source, all on one TCP connection, payloads not copied on their way. */
final class RSocketPeer implements NetworkPeer {

    /** More at a time open no more in a second. */
    private static final int AT_A_TIME = 1_000;

    private final Bytes bytes;

    RSocketPeer(Bytes bytes) {
        this.bytes = bytes;
    }

    /** Whose the bytes of a frame are. */
    enum Bytes {
        /** The application's: it sends an array, and gets one. */
        OWNED {
            @Override
            ByteBuf prepared(byte[] content) {
                return Unpooled.wrappedBuffer(content);
            }

            @Override
            void take(ByteBuf data, Tally tally) {
                byte[] own = new byte[data.readableBytes()];
                data.readBytes(own);
                tally.frame(own);
            }
        },
        /** The transport's: the application sends a buffer the socket can write, and looks at the one that was read. */
        BORROWED {
            @Override
            ByteBuf prepared(byte[] content) {
                return Unpooled.directBuffer(content.length).writeBytes(content);
            }

            @Override
            void take(ByteBuf data, Tally tally) {
                int size = data.readableBytes();
                int start = data.readerIndex();
                tally.frame(size, data.getByte(start), data.getByte(start + size - 1));
            }
        };

        abstract ByteBuf prepared(byte[] content);

        abstract void take(ByteBuf data, Tally tally);
    }

    @Override
    public Server serve() {
        Contents<ByteBuf> contents = new Contents<>(bytes::prepared);
        CloseableChannel channel = Objects.requireNonNull(
                RSocketServer.create(SocketAcceptor.forRequestStream(request -> answer(request, contents)))
                        .payloadDecoder(PayloadDecoder.ZERO_COPY)
                        .bind(TcpServerTransport.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)))
                        .block());
        return new Server() {
            @Override
            public int port() {
                return channel.address().getPort();
            }

            @Override
            public void close() {
                channel.dispose();
                channel.onClose().block();
            }
        };
    }

    private static Flux<Payload> answer(Payload request, Contents<ByteBuf> contents) {
        byte[] asked = new byte[request.data().readableBytes()];
        request.data().readBytes(asked);
        request.release();
        Work work = Work.decode(asked);
        ByteBuf content = contents.of(work);
        return Flux.range(0, work.frames()).map(i -> ByteBufPayload.create(content.retainedDuplicate()));
    }

    @Override
    public Connection connect(InetSocketAddress server) {
        RSocket socket = Objects.requireNonNull(RSocketConnector.create()
                .payloadDecoder(PayloadDecoder.ZERO_COPY)
                .connect(TcpClientTransport.create(server))
                .block());
        return new Connection() {
            @Override
            public void take(Work work, Tally tally) {
                byte[] request = work.encode();
                Openings.start(
                        work.sources(),
                        AT_A_TIME,
                        openings -> socket.requestStream(ByteBufPayload.create(request))
                                .subscribe(new Frames(bytes, tally, openings)));
            }

            @Override
            public void close() {
                socket.dispose();
                socket.onClose().onErrorComplete().block();
            }
        };
    }

    /** Takes the frames of one source. */
    private record Frames(Bytes bytes, Tally tally, Openings openings) implements CoreSubscriber<Payload> {
        @Override
        public void onSubscribe(Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(Payload payload) {
            bytes.take(payload.data(), tally);
            payload.release();
        }

        @Override
        public void onError(Throwable reason) {
            tally.fail(reason);
        }

        @Override
        public void onComplete() {
            openings.next();
            tally.sourceEnded();
        }
    }
}
