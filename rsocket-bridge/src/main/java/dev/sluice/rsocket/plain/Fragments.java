package dev.sluice.rsocket.plain;

import dev.sluice.rsocket.transport.NettyConnection;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledHeapByteBuf;
import io.rsocket.DuplexConnection;
import io.rsocket.RSocketErrorException;
import io.rsocket.exceptions.ConnectionErrorException;
import io.rsocket.frame.FrameHeaderCodec;
import java.net.SocketAddress;
import java.util.concurrent.atomic.AtomicLong;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A connection that ends when its peer sends more fragments than fit into memory. RSocket puts fragments together without a limit on how many payloads are begun.
 *
 * <p>A fragment is passed on as a copy of its own: RSocket keeps a slice, which would hold the whole read buffer. The copy counts until its memory is released, whatever frames
 * came on its stream in between: with some of them RSocket keeps the fragments of a stream it has ended, or loses them unreleased. A lost copy counts as long as the
 * connection lives; it is on the heap, so that it goes with it.
 */
public final class Fragments implements DuplexConnection {

    /** What a fragment takes up besides its bytes. */
    private static final int OVERHEAD = 128;

    private final NettyConnection connection;
    private final long most;
    private final ByteBufAllocator allocator;

    /** Bytes of all copies that are not released. Copies are released on any thread. */
    private final AtomicLong held = new AtomicLong();

    /**
     * Bounds the fragments of a connection.
     *
     * @param most bytes of fragments whose payloads are not whole, or whole and in use; each counted with 128 more
     */
    public Fragments(NettyConnection connection, long most) {
        this.connection = connection;
        this.most = most;
        this.allocator = new Uncopied(connection.alloc());
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
        connection.sendFrame(streamId, frame);
    }

    private static boolean isFragment(ByteBuf frame) {
        return switch (FrameHeaderCodec.frameType(frame)) {
            case REQUEST_FNF, REQUEST_RESPONSE, REQUEST_STREAM, REQUEST_CHANNEL, PAYLOAD, NEXT, NEXT_COMPLETE ->
                FrameHeaderCodec.hasFollows(frame);
            default -> false;
        };
    }

    /** A copy of a fragment, which counts itself out when nobody needs it any more. */
    private final class Copy extends UnpooledHeapByteBuf {
        private final int counted;

        Copy(ByteBuf frame, int counted) {
            super(connection.alloc(), frame.readableBytes(), frame.readableBytes());
            this.counted = counted;
            writeBytes(frame);
        }

        @Override
        protected void deallocate() {
            super.deallocate();
            held.addAndGet(-counted);
        }
    }

    /** Frames of the connection, each valid during {@code onNext} only. On the event loop. */
    private final class Counted implements CoreSubscriber<ByteBuf> {
        private final CoreSubscriber<? super ByteBuf> actual;

        /** The connection is being ended: what still comes is not for RSocket. */
        private boolean over;

        Counted(CoreSubscriber<? super ByteBuf> actual) {
            this.actual = actual;
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            actual.onSubscribe(subscription);
        }

        @Override
        public void onNext(ByteBuf frame) {
            if (over) {
                return;
            }
            // Shorter ones are no frames: RSocket says so.
            if (frame.readableBytes() < FrameHeaderCodec.size() || !isFragment(frame)) {
                actual.onNext(frame);
                return;
            }
            int counted = frame.readableBytes() + OVERHEAD;
            long sum = held.addAndGet(counted);
            if (sum > most) {
                over = true;
                sendErrorAndClose(new ConnectionErrorException("LIMIT: fragments of payloads that are not whole have "
                        + sum + " bytes, at most " + most + " pass here: send fewer or shorter payloads at a time"));
                return;
            }
            ByteBuf copy = new Copy(frame, counted);
            try {
                actual.onNext(copy);
            } finally {
                copy.release();
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
        return allocator;
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
