package dev.sluice.etcd;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Calls of gRPC as publishers: begun at subscription, ended by a cancel. */
final class Calls {

    private Calls() {}

    /** One request, and its answer or {@link io.grpc.StatusRuntimeException}. Streams that bring one answer to one request will do, too. */
    static <Q, A> Mono<A> one(
            Channel channel, MethodDescriptor<Q, A> method, CallOptions options, Metadata headers, Q request) {
        return Mono.create(sink -> {
            ClientCall<Q, A> call = channel.newCall(method, options);
            AtomicBoolean cancelled = new AtomicBoolean();
            sink.onCancel(() -> {
                cancelled.set(true);
                call.cancel("no longer wanted", null);
            });
            call.start(
                    new ClientCall.Listener<>() {
                        private @Nullable A answer;

                        @Override
                        public void onMessage(A message) {
                            answer = message;
                        }

                        @Override
                        public void onClose(Status status, Metadata trailers) {
                            A got = answer;
                            if (cancelled.get()) {
                                return;
                            }
                            if (status.isOk() && got != null) {
                                sink.success(got);
                            } else {
                                sink.error((status.isOk() ? Status.UNAVAILABLE.withDescription("no answer") : status)
                                        .asRuntimeException());
                            }
                        }
                    },
                    headers);
            call.request(2);
            call.sendMessage(request);
            call.halfClose();
        });
    }

    /** One request, and all that comes of it. It is read as it comes, so whoever subscribes must keep up. */
    static <Q, A> Flux<A> many(
            Channel channel, MethodDescriptor<Q, A> method, CallOptions options, Metadata headers, Q request) {
        return Flux.create(sink -> {
            ClientCall<Q, A> call = channel.newCall(method, options);
            AtomicBoolean cancelled = new AtomicBoolean();
            sink.onCancel(() -> {
                cancelled.set(true);
                call.cancel("no longer wanted", null);
            });
            call.start(
                    new ClientCall.Listener<>() {
                        @Override
                        public void onMessage(A message) {
                            sink.next(message);
                            call.request(1);
                        }

                        @Override
                        public void onClose(Status status, Metadata trailers) {
                            if (cancelled.get()) {
                                return;
                            }
                            if (status.isOk()) {
                                sink.complete();
                            } else {
                                sink.error(status.asRuntimeException());
                            }
                        }
                    },
                    headers);
            call.request(1);
            call.sendMessage(request);
        });
    }
}
