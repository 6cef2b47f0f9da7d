package dev.sluice.etcd;

import dev.sluice.ConfigurationException;
import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.LeaseGrantRequest;
import io.etcd.jetcd.api.LeaseGrantResponse;
import io.etcd.jetcd.api.LeaseGrpc;
import io.etcd.jetcd.api.LeaseKeepAliveRequest;
import io.etcd.jetcd.api.LeaseKeepAliveResponse;
import io.etcd.jetcd.api.LeaseRevokeRequest;
import io.etcd.jetcd.api.LeaseTimeToLiveRequest;
import io.etcd.jetcd.api.LeaseTimeToLiveResponse;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RangeResponse;
import io.etcd.jetcd.api.TxnRequest;
import io.etcd.jetcd.api.TxnResponse;
import io.etcd.jetcd.api.WatchCreateRequest;
import io.etcd.jetcd.api.WatchGrpc;
import io.etcd.jetcd.api.WatchRequest;
import io.etcd.jetcd.api.WatchResponse;
import io.grpc.CallOptions;
import io.grpc.ConnectivityState;
import io.grpc.Deadline;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * Asks an etcd. Requests go to the endpoints in turn, to those that are there; what may pass is tried again until the time of a request is over, so a
 * node that dies costs a moment. An attempt gets half of that time, for a node that keeps its connections and says nothing. All requests can be
 * repeated: nothing here fails because it has been done before.
 *
 * <p>Stubs of jetcd are not used: they give a request no deadline, and gRPC's pause before it connects again, which grows to two minutes, cannot be
 * cut short through them.
 *
 * <p>Thread safe. Errors are {@link io.grpc.StatusRuntimeException} or those of {@link Failures#told}.
 */
final class EtcdClient {

    private static final Metadata.Key<String> LEADER =
            Metadata.Key.of("hasleader", Metadata.ASCII_STRING_MARSHALLER);
    private static final int LARGEST_ANSWER = 64 << 20;

    private final Era era;
    private final Failures failures;
    private final Duration timeout;
    private final ManagedChannel channel;
    private final Token token;

    EtcdClient(EtcdOptions options, Era era) {
        this.era = era;
        this.failures = new Failures(options);
        this.timeout = options.requestTimeout();
        this.channel = channel(options);
        this.token = new Token(options, channel);
    }

    @SuppressWarnings("deprecation") // The way that is not wants a factory for the whole process.
    private static ManagedChannel channel(EtcdOptions options) {
        NettyChannelBuilder builder = NettyChannelBuilder.forTarget(Endpoints.SCHEME + ":///endpoints")
                .nameResolverFactory(Endpoints.of(options.endpoints()))
                .defaultLoadBalancingPolicy("round_robin")
                // Without calls etcd refuses to be asked.
                .keepAliveTime(10, TimeUnit.SECONDS)
                .keepAliveTimeout(3, TimeUnit.SECONDS)
                .maxInboundMessageSize(LARGEST_ANSWER)
                .disableRetry();
        if (options.tls()) {
            builder.sslContext(tls(options));
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

    Failures failures() {
        return failures;
    }

    Duration timeout() {
        return timeout;
    }

    Mono<RangeResponse> range(String what, RangeRequest request) {
        return Mono.defer(() -> {
            Era.Known before = era.known();
            return ask(what, KVGrpc.getRangeMethod(), request, timeout)
                    .doOnNext(answer -> era.answered(answer.getHeader(), before));
        });
    }

    Mono<TxnResponse> txn(String what, TxnRequest request) {
        return Mono.defer(() -> {
            Era.Known before = era.known();
            return ask(what, KVGrpc.getTxnMethod(), request, timeout)
                    .doOnNext(answer -> era.answered(answer.getHeader(), before));
        });
    }

    Mono<LeaseGrantResponse> grant(long seconds) {
        return ask(
                "grant a lease",
                LeaseGrpc.getLeaseGrantMethod(),
                LeaseGrantRequest.newBuilder().setTTL(seconds).build(),
                timeout);
    }

    /** Ends a lease, and the keys with it; one that is gone is no error. */
    Mono<Void> revoke(long lease) {
        return ask(
                        "revoke a lease",
                        LeaseGrpc.getLeaseRevokeMethod(),
                        LeaseRevokeRequest.newBuilder().setID(lease).build(),
                        timeout)
                .then()
                .onErrorComplete(failure -> failure.getCause() != null && Failures.leaseGone(failure.getCause()));
    }

    /** Renews a lease. The answer's time to live is 0 when there is no such lease. */
    Mono<LeaseKeepAliveResponse> renew(long lease, Duration within) {
        return ask(
                "renew a lease",
                LeaseGrpc.getLeaseKeepAliveMethod(),
                LeaseKeepAliveRequest.newBuilder().setID(lease).build(),
                within);
    }

    /** Which keys a lease has. */
    Mono<LeaseTimeToLiveResponse> keys(long lease, Duration within) {
        return ask(
                "show a lease",
                LeaseGrpc.getLeaseTimeToLiveMethod(),
                LeaseTimeToLiveRequest.newBuilder()
                        .setID(lease)
                        .setKeys(true)
                        .build(),
                within);
    }

    private <Q, A> Mono<A> ask(String what, MethodDescriptor<Q, A> method, Q request, Duration within) {
        return Mono.defer(() -> {
                    Deadline deadline = Deadline.after(within.toNanos(), TimeUnit.NANOSECONDS);
                    return attempt(method, request, deadline, within)
                            .retryWhen(Retry.from(failed -> failed.concatMap(signal ->
                                    Failures.mayPass(signal.failure()) && !deadline.isExpired()
                                            ? Mono.delay(Duration.ofMillis(
                                                    ThreadLocalRandom.current().nextLong(20, 200)))
                                            : Mono.<Long>error(signal.failure()))));
                })
                .onErrorMap(failure -> channel.isShutdown() ? failures.closed() : failures.told(what, failure));
    }

    private <Q, A> Mono<A> attempt(
            MethodDescriptor<Q, A> method, Q request, Deadline deadline, Duration within) {
        return Mono.defer(() -> {
                    connectNow();
                    return token.headers();
                })
                .flatMap(headers -> Calls.one(
                        channel,
                        method,
                        CallOptions.DEFAULT
                                .withWaitForReady()
                                .withDeadline(deadline.minimum(
                                        Deadline.after(within.toNanos() / 2 + 1_000_000, TimeUnit.NANOSECONDS))),
                        headers,
                        request))
                .doOnError(Failures::tokenGone, gone -> token.forget());
    }

    /** Whoever asks does not wait until gRPC thinks it time to connect again. */
    private void connectNow() {
        if (channel.getState(false) == ConnectivityState.TRANSIENT_FAILURE) {
            channel.resetConnectBackoff();
        }
    }

    /**
     * What happens to keys from a revision on. Ends when the node is cut off from the others, and at once when none can be reached.
     *
     * @param create which keys, and from when on
     */
    Flux<WatchResponse> watch(WatchCreateRequest create) {
        return token.headers()
                .flatMapMany(headers -> {
                    headers.put(LEADER, "true");
                    return Calls.many(
                            channel,
                            WatchGrpc.getWatchMethod(),
                            CallOptions.DEFAULT,
                            headers,
                            WatchRequest.newBuilder().setCreateRequest(create).build());
                })
                .doOnError(Failures::tokenGone, gone -> token.forget());
    }

    void forgetToken() {
        token.forget();
    }

    void close() {
        channel.shutdownNow();
    }
}
