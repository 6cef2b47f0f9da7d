package dev.sluice.etcd;

import io.etcd.jetcd.api.AuthGrpc;
import io.etcd.jetcd.api.AuthenticateRequest;
import io.etcd.jetcd.api.AuthenticateResponse;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.Metadata;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Who asks: what etcd gave for user and password, asked for when it is needed and shared by all requests. Thread safe. */
final class Token {

    private static final Metadata.Key<String> TOKEN = Metadata.Key.of("token", Metadata.ASCII_STRING_MARSHALLER);

    private final EtcdOptions options;
    private final Channel channel;
    private final AtomicReference<@Nullable Mono<String>> current = new AtomicReference<>();

    Token(EtcdOptions options, Channel channel) {
        this.options = options;
        this.channel = channel;
    }

    /** Headers of one request, its own to add to. */
    Mono<Metadata> headers() {
        String user = options.user();
        String password = options.password();
        if (user == null || password == null) {
            return Mono.fromSupplier(Metadata::new);
        }
        return Mono.defer(() -> {
            Mono<String> asked = current.get();
            if (asked == null) {
                asked = ask(user, password);
                if (!current.compareAndSet(null, asked)) {
                    return headers();
                }
            }
            Mono<String> used = asked;
            return used.map(token -> {
                        Metadata headers = new Metadata();
                        headers.put(TOKEN, token);
                        return headers;
                    })
                    .doOnError(failure -> current.compareAndSet(used, null));
        });
    }

    private Mono<String> ask(String user, String password) {
        AuthenticateRequest request = AuthenticateRequest.newBuilder()
                .setName(user)
                .setPassword(password)
                .build();
        return Mono.defer(() -> Calls.one(
                        channel,
                        AuthGrpc.getAuthenticateMethod(),
                        CallOptions.DEFAULT
                                .withWaitForReady()
                                .withDeadlineAfter(options.requestTimeout().toNanos() / 2, TimeUnit.NANOSECONDS),
                        new Metadata(),
                        request))
                .map(AuthenticateResponse::getToken)
                .cache(token -> Duration.ofMillis(Long.MAX_VALUE), failure -> Duration.ZERO, () -> Duration.ZERO);
    }

    /** It is not taken any more. */
    void forget() {
        current.set(null);
    }
}
