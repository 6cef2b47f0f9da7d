package dev.sluice.rsocket.plain;

import dev.sluice.rsocket.transport.NettyConnection;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.rsocket.DuplexConnection;
import io.rsocket.RSocketErrorException;
import io.rsocket.exceptions.ConnectionErrorException;
import io.rsocket.frame.FrameHeaderCodec;
import io.rsocket.frame.FrameType;
import java.net.SocketAddress;
import java.util.HashMap;
import java.util.Map;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A connection that ends when its peer sends more fragments than fit into memory. RSocket puts fragments together without a limit on how many payloads are begun.
 *
 * <p>A fragment is passed on as a copy of its own: RSocket keeps a slice, which would hold the whole read buffer. {@code held} is guarded by itself; a stream leaves it with its
 * last fragment, or with the frame by which either side ends the stream.
 */
public final class Fragments implements DuplexConnection {

    /** What a fragment takes up besides its bytes. */
    private static final int OVERHEAD = 128;

    private final NettyConnection connection;
    private final long most;
    private final Map<Integer, Long> held = new HashMap<>();
    private long bytes;
    private volatile boolean any;

    /**
     * Bounds the fragments of a connection.
     *
     * @param most bytes of payloads that are begun and not whole, each fragment counted with 128 more
     */
    public Fragments(NettyConnection connection, long most) {
        this.connection = connection;
        this.most = most;
    }

    @Override
    public Flux<ByteBuf> receive() {
        return new Flux<>() {
            @Override
            public void subscribe(CoreSubscriber<? super ByteBuf> actual) {
                connection.receive().subscribe(new Counted(actual));
            }
        };
    }

    @Override
    public void sendFrame(int streamId, ByteBuf frame) {
        if (any && endsStream(frame)) {
            leave(streamId);
        }
        connection.sendFrame(streamId, frame);
    }

    private static boolean endsStream(ByteBuf frame) {
        return switch (FrameHeaderCodec.frameType(frame)) {
            case ERROR, COMPLETE, NEXT_COMPLETE, CANCEL -> true;
            default -> false;
        };
    }

    private static boolean isFragment(ByteBuf frame) {
        return switch (FrameHeaderCodec.frameType(frame)) {
            case REQUEST_FNF, REQUEST_RESPONSE, REQUEST_STREAM, REQUEST_CHANNEL, PAYLOAD, NEXT, NEXT_COMPLETE ->
                FrameHeaderCodec.hasFollows(frame);
            default -> false;
        };
    }

    /** Counts a fragment in; false when there are too many. */
    private boolean enter(int streamId, int size) {
        synchronized (held) {
            long more = (long) size + OVERHEAD;
            held.merge(streamId, more, Long::sum);
            bytes += more;
            any = true;
            return bytes <= most;
        }
    }

    private void leave(int streamId) {
        synchronized (held) {
            Long left = held.remove(streamId);
            bytes -= left == null ? 0 : left;
            any = !held.isEmpty();
        }
    }

    /** Frames of the connection, each valid during {@code onNext} only. On the event loop. */
    private final class Counted implements CoreSubscriber<ByteBuf> {
        private final CoreSubscriber<? super ByteBuf> actual;

        Counted(CoreSubscriber<? super ByteBuf> actual) {
            this.actual = actual;
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            actual.onSubscribe(subscription);
        }

        @Override
        public void onNext(ByteBuf frame) {
            // Shorter ones are no frames: RSocket says so.
            if (frame.readableBytes() < FrameHeaderCodec.size()) {
                actual.onNext(frame);
                return;
            }
            int streamId = FrameHeaderCodec.streamId(frame);
            if (!isFragment(frame)) {
                if (any) {
                    leaveUnlessDemand(streamId, frame);
                }
                actual.onNext(frame);
            } else if (enter(streamId, frame.readableBytes())) {
                ByteBuf copy = alloc().buffer(frame.readableBytes()).writeBytes(frame);
                try {
                    actual.onNext(copy);
                } finally {
                    copy.release();
                }
            } else {
                sendErrorAndClose(new ConnectionErrorException("LIMIT: fragments of payloads that are not whole have "
                        + bytes + " bytes, at most " + most + " pass here: send fewer or shorter payloads at a time"));
            }
        }

        /** Who asks for more while a payload of its own is under way goes on with it. */
        private void leaveUnlessDemand(int streamId, ByteBuf frame) {
            if (FrameHeaderCodec.frameType(frame) != FrameType.REQUEST_N) {
                leave(streamId);
            }
        }

        @Override
        public void onError(Throwable failure) {
            actual.onError(failure);
        }

        @Override
        public void onComplete() {
            actual.onComplete();
        }
    }

    @Override
    public void sendErrorAndClose(RSocketErrorException error) {
        connection.sendErrorAndClose(error);
    }

    @Override
    public ByteBufAllocator alloc() {
        return connection.alloc();
    }

    @Override
    public SocketAddress remoteAddress() {
        return connection.remoteAddress();
    }

    @Override
    public Mono<Void> onClose() {
        return connection.onClose();
    }

    @Override
    public void dispose() {
        connection.dispose();
    }

    @Override
    public boolean isDisposed() {
        return connection.isDisposed();
    }
}
