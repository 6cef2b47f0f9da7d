package dev.sluice.etcd;

import io.etcd.jetcd.api.AuthGrpc;
import io.etcd.jetcd.api.AuthenticateRequest;
import io.etcd.jetcd.api.AuthenticateResponse;
import io.grpc.CallOptions;
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
    private final Nodes nodes;
    private final AtomicReference<@Nullable Mono<String>> current = new AtomicReference<>();

    Token(EtcdOptions options, Nodes nodes) {
        this.options = options;
        this.nodes = nodes;
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
        return Mono.defer(() -> {
                    Nodes.Node node = nodes.next();
                    return Calls.one(
                                    node.channel(),
                                    AuthGrpc.getAuthenticateMethod(),
                                    CallOptions.DEFAULT.withDeadlineAfter(
                                            options.requestTimeout().toNanos() / 4, TimeUnit.NANOSECONDS),
                                    new Metadata(),
                                    request)
                            .doOnError(node::bad);
                })
                .map(AuthenticateResponse::getToken)
                .cache(token -> Duration.ofMillis(Long.MAX_VALUE), failure -> Duration.ZERO, () -> Duration.ZERO);
    }

    /** It is not taken any more. */
    void forget() {
        current.set(null);
    }
}
