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
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;

/** RSocket as it is: a request-stream for each source, all on one TCP connection, payloads not copied on their way. */
final class RSocketPeer implements NetworkPeer {

    /** Requests under way at a time. */
    private static final int AT_A_TIME = 1_000;

    /**
     * How far a source may be ahead of its consumer. Unbounded demand would be the fastest for few frames; but a server puts all it is asked
     * for into its queue, whatever the socket does, and neither 5 million small frames nor 5 GiB of large ones fit.
     */
    private static final int WINDOW = 16 << 20;

    /** As many as Reactor's own operators ask for ahead. */
    private static final int MOST = 256;

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
                                .subscribe(new Frames(bytes, tally, openings, demand(work))));
            }

            @Override
            public void close() {
                socket.dispose();
                socket.onClose().onErrorComplete().block();
            }
        };
    }

    private static long demand(Work work) {
        return Math.max(2, Math.min(MOST, WINDOW / Math.max(1, work.size())));
    }

    /** Takes the frames of one source, and refills its demand at half. */
    private static final class Frames extends BaseSubscriber<Payload> {
        private final Bytes bytes;
        private final Tally tally;
        private final Openings openings;
        private final long demand;
        private long taken;

        Frames(Bytes bytes, Tally tally, Openings openings, long demand) {
            this.bytes = bytes;
            this.tally = tally;
            this.openings = openings;
            this.demand = demand;
        }

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            subscription.request(demand);
        }

        @Override
        protected void hookOnNext(Payload payload) {
            bytes.take(payload.data(), tally);
            payload.release();
            if (++taken == demand / 2) {
                taken = 0;
                request(demand / 2);
            }
        }

        @Override
        protected void hookOnError(Throwable reason) {
            tally.fail(reason);
        }

        @Override
        protected void hookOnComplete() {
            openings.next();
            tally.sourceEnded();
        }
    }
}
