package dev.sluice.etcd;

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
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * Asks an etcd. What may pass is tried again, with the next node, until the time of a request is over, so a node that dies costs a moment. The first
 * attempts get a quarter of that time each, for a node that keeps its connections and says nothing. All requests can be repeated: nothing here fails
 * because it has been done before.
 *
 * <p>Stubs of jetcd are not used: they give a request no deadline, and gRPC's pause before it connects again, which grows to two minutes, cannot be
 * cut short through them.
 *
 * <p>Thread safe. Errors are {@link io.grpc.StatusRuntimeException} or those of {@link Failures#told}.
 */
final class EtcdClient {

    private static final Metadata.Key<String> LEADER = Metadata.Key.of("hasleader", Metadata.ASCII_STRING_MARSHALLER);
    private static final int SHORT_ATTEMPTS = 2;
    static final int LARGEST_ANSWER = 64 << 20;

    private final Era era;
    private final Failures failures;
    private final Duration timeout;
    private final Nodes nodes;
    private final Token token;

    EtcdClient(EtcdOptions options, Era era) {
        this.era = era;
        this.failures = new Failures(options);
        this.timeout = options.requestTimeout();
        this.nodes = new Nodes(options);
        this.token = new Token(options, nodes);
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
                LeaseTimeToLiveRequest.newBuilder().setID(lease).setKeys(true).build(),
                within);
    }

    private <Q, A> Mono<A> ask(String what, MethodDescriptor<Q, A> method, Q request, Duration within) {
        return Mono.defer(() -> {
                    Deadline deadline = Deadline.after(within.toNanos(), TimeUnit.NANOSECONDS);
                    Attempts attempts = new Attempts(deadline, within);
                    return attempt(method, request, attempts)
                            .retryWhen(Retry.from(
                                    failed -> failed.concatMap(signal -> attempts.failed(signal.failure()))));
                })
                .onErrorMap(failure -> nodes.isClosed() ? failures.closed() : failures.told(what, failure));
    }

    /** The attempts of one request, one after the other. */
    private static final class Attempts {
        private final Deadline deadline;
        private final Duration within;
        private int made;
        private @Nullable Throwable reason;

        Attempts(Deadline deadline, Duration within) {
            this.deadline = deadline;
            this.within = within;
        }

        /** Until when the next one may last. */
        Deadline next() {
            return made++ < SHORT_ATTEMPTS
                    ? deadline.minimum(Deadline.after(within.toNanos() / 4, TimeUnit.NANOSECONDS))
                    : deadline;
        }

        /** A pause, and an end when there is no time for another one. The first are short, since the next node will do. */
        Mono<Long> failed(Throwable failure) {
            // That time was over says less than why others failed.
            if (reason == null || Status.fromThrowable(failure).getCode() != Status.Code.DEADLINE_EXCEEDED) {
                reason = failure;
            }
            long most = Math.min(500, 20L << Math.min(made, 5));
            long pause = ThreadLocalRandom.current().nextLong(most / 2, most + 1);
            return Failures.mayPass(failure) && deadline.timeRemaining(TimeUnit.MILLISECONDS) > pause
                    ? Mono.delay(Duration.ofMillis(pause))
                    : Mono.error(reason);
        }
    }

    private <Q, A> Mono<A> attempt(MethodDescriptor<Q, A> method, Q request, Attempts attempts) {
        return token.headers()
                .flatMap(headers -> {
                    Nodes.Node node = nodes.next();
                    return Calls.one(
                                    node.channel(),
                                    method,
                                    CallOptions.DEFAULT.withDeadline(attempts.next()),
                                    headers,
                                    request)
                            .doOnNext(answer -> node.good())
                            .doOnError(node::bad);
                })
                .doOnError(Failures::tokenGone, gone -> token.forget());
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
                    Nodes.Node node = nodes.next();
                    return Calls.many(
                                    node.channel(),
                                    WatchGrpc.getWatchMethod(),
                                    CallOptions.DEFAULT,
                                    headers,
                                    WatchRequest.newBuilder()
                                            .setCreateRequest(create)
                                            .build())
                            .doOnError(node::bad);
                })
                .doOnError(Failures::tokenGone, gone -> token.forget());
    }

    void forgetToken() {
        token.forget();
    }

    void close() {
        nodes.close();
    }
}
