package dev.sluice.perf.network;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/**
 * gRPC: a server-streaming call for each source, all on one channel.
 *
 * <p>Set to be fast: everything runs on the event loops, calls are not kept for a retry, windows are large, and a client asks for all
 * messages at once. A server sends while it is ready and goes on when it is told to, as gRPC's manual flow control demands.
 */
final class GrpcPeer implements NetworkPeer {

    /** Calls under way at a time. */
    private static final int AT_A_TIME = 1_000;

    /** Of a stream and of the connection. */
    private static final int WINDOW = 8 << 20;

    /** What a stream may have buffered and still be ready when nothing is set. More of 1,000 streams, with what gRPC has around each message, does not fit. */
    private static final int READY = 32 << 10;

    private static final int LARGEST = 16 << 20;
    private static final int PATIENCE_SECONDS = 5;

    private static final ByteArrays BYTES = new ByteArrays();
    private static final MethodDescriptor<byte[], byte[]> SOURCE = MethodDescriptor.newBuilder(BYTES, BYTES)
            .setType(MethodDescriptor.MethodType.SERVER_STREAMING)
            .setFullMethodName(MethodDescriptor.generateFullMethodName("perf", "source"))
            .build();

    @Override
    public Server serve() throws IOException {
        Contents<byte[]> contents = new Contents<>(content -> content);
        io.grpc.Server server = NettyServerBuilder.forAddress(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .directExecutor()
                .flowControlWindow(WINDOW)
                .addService(ServerServiceDefinition.builder("perf")
                        .addMethod(SOURCE, ServerCalls.asyncServerStreamingCall((request, observer) -> {
                            Work work = Work.decode(request);
                            send(work.frames(), contents.of(work), (ServerCallStreamObserver<byte[]>) observer);
                        }))
                        .build())
                .build()
                .start();
        return new Server() {
            @Override
            public int port() {
                return server.getPort();
            }

            @Override
            public void close() {
                await(server.shutdownNow()::awaitTermination);
            }
        };
    }

    private static void send(int frames, byte[] content, ServerCallStreamObserver<byte[]> observer) {
        observer.setOnReadyThreshold(Math.max(READY, 2 * content.length));
        observer.setOnReadyHandler(new Runnable() {
            private int sent;

            @Override
            public void run() {
                while (sent < frames && observer.isReady()) {
                    sent++;
                    observer.onNext(content);
                    if (sent == frames) {
                        observer.onCompleted();
                    }
                }
            }
        });
    }

    @Override
    public Connection connect(InetSocketAddress server) {
        ManagedChannel channel = NettyChannelBuilder.forAddress(server)
                .usePlaintext()
                .directExecutor()
                .disableRetry()
                .flowControlWindow(WINDOW)
                .maxInboundMessageSize(LARGEST)
                .build();
        return new Connection() {
            @Override
            public void take(Work work, Tally tally) {
                byte[] request = work.encode();
                Openings.start(
                        work.sources(),
                        AT_A_TIME,
                        openings -> ClientCalls.asyncServerStreamingCall(
                                channel.newCall(SOURCE, CallOptions.DEFAULT), request, new Frames(tally, openings)));
            }

            @Override
            public void close() {
                await(channel.shutdownNow()::awaitTermination);
            }
        };
    }

    private static void await(Ending ending) {
        try {
            ending.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What servers and channels wait by. */
    @FunctionalInterface
    private interface Ending {
        boolean await(long timeout, TimeUnit unit) throws InterruptedException;
    }

    /** Takes the frames of one source. */
    private record Frames(Tally tally, Openings openings) implements ClientResponseObserver<byte[], byte[]> {
        @Override
        public void beforeStart(ClientCallStreamObserver<byte[]> call) {
            call.disableAutoRequestWithInitial(Integer.MAX_VALUE);
        }

        @Override
        public void onNext(byte[] bytes) {
            tally.frame(bytes);
        }

        @Override
        public void onError(Throwable reason) {
            tally.fail(reason);
        }

        @Override
        public void onCompleted() {
            openings.next();
            tally.sourceEnded();
        }
    }
}
