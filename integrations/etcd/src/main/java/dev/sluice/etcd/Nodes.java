package dev.sluice.etcd;

import dev.sluice.ConfigurationException;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.ChannelOption;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The nodes of an etcd, each with a connection of its own. They are asked in turn; one that could not be reached, or kept silent, is asked again when
 * some time has passed or no other is better. gRPC could choose too, but not by who kept silent.
 *
 * <p>Thread safe.
 */
final class Nodes {

    /** How long a node that failed is passed over. */
    private static final long PASSED_OVER = TimeUnit.SECONDS.toNanos(10);

    private final List<Node> nodes;
    private final AtomicInteger turn = new AtomicInteger();
    private volatile boolean closed;

    Nodes(EtcdOptions options) {
        SslContext tls = options.tls() ? tls(options) : null;
        this.nodes = options.endpoints().stream()
                .map(endpoint -> new Node(channel(endpoint, options, tls)))
                .toList();
    }

    /** A node, and when it failed last. */
    static final class Node {
        private final ManagedChannel channel;
        private volatile @Nullable Moment failed;

        Node(ManagedChannel channel) {
            this.channel = channel;
        }

        ManagedChannel channel() {
            return channel;
        }

        void good() {
            failed = null;
        }

        void bad(Throwable failure) {
            switch (Status.fromThrowable(failure).getCode()) {
                case UNAVAILABLE, DEADLINE_EXCEEDED -> failed = Moment.now();
                default -> good();
            }
        }

        private long failedAgo() {
            Moment last = failed;
            return last == null ? Long.MAX_VALUE : last.ago();
        }
    }

    /** Who is to be asked now, connecting or connected. */
    Node next() {
        int first = turn.getAndIncrement();
        Node best = nodes.get(Math.floorMod(first, nodes.size()));
        for (int i = 1; i < nodes.size() && best.failedAgo() < PASSED_OVER; i++) {
            Node other = nodes.get(Math.floorMod(first + i, nodes.size()));
            if (other.failedAgo() > best.failedAgo()) {
                best = other;
            }
        }
        // Whoever asks does not wait until gRPC, whose pauses grow to two minutes, thinks it time to connect again.
        if (best.channel.getState(false) == ConnectivityState.TRANSIENT_FAILURE) {
            best.channel.resetConnectBackoff();
        }
        return best;
    }

    @SuppressWarnings("deprecation") // The way that is not wants a factory for the whole process.
    private static ManagedChannel channel(Endpoint endpoint, EtcdOptions options, @Nullable SslContext tls) {
        NettyChannelBuilder builder = NettyChannelBuilder.forTarget(Resolver.SCHEME + ":///endpoint")
                .nameResolverFactory(Resolver.of(endpoint))
                .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int)
                        options.requestTimeout().toMillis())
                // Without calls etcd refuses to be asked.
                .keepAliveTime(10, TimeUnit.SECONDS)
                .keepAliveTimeout(3, TimeUnit.SECONDS)
                .maxInboundMessageSize(EtcdClient.LARGEST_ANSWER)
                .disableRetry();
        if (tls != null) {
            builder.sslContext(tls);
        } else {
            builder.usePlaintext();
        }
        return builder.build();
    }

    private static SslContext tls(EtcdOptions options) {
        try {
            SslContextBuilder builder = GrpcSslContexts.forClient();
            if (options.trusted() != null) {
                builder.trustManager(options.trusted().toFile());
            }
            if (options.certificate() != null && options.key() != null) {
                builder.keyManager(options.certificate().toFile(), options.key().toFile());
            }
            return builder.build();
        } catch (IOException | IllegalArgumentException unusable) {
            throw new ConfigurationException(
                    "etcd: TLS cannot be used: trusted, certificate and key must be PEM files, the key in PKCS#8",
                    unusable);
        }
    }

    boolean isClosed() {
        return closed;
    }

    void close() {
        closed = true;
        nodes.forEach(node -> node.channel.shutdownNow());
    }
}
