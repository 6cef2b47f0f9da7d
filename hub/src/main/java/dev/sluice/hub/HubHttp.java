package dev.sluice.hub;

import dev.sluice.AccessDeniedException;
import dev.sluice.rsocket.security.AccessPolicy;
import dev.sluice.rsocket.security.Authenticator;
import dev.sluice.rsocket.security.Credentials;
import dev.sluice.rsocket.security.Verb;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.HttpServerRoutes;

/**
 * Health and metrics over HTTP. Health is for everybody; where clients have to say who they are, metrics are for those with {@code ADMIN} of all
 * names, by HTTP's Basic authentication.
 */
final class HubHttp {

    private static final Logger LOG = LoggerFactory.getLogger(HubHttp.class);
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";
    private static final String BASIC = "Basic ";

    private final BooleanSupplier ready;
    private final HubMetrics metrics;
    private final @Nullable Authenticator authenticator;
    private final @Nullable AccessPolicy policy;

    HubHttp(BooleanSupplier ready, HubMetrics metrics, HubOptions options) {
        this.ready = ready;
        this.metrics = metrics;
        this.authenticator = options.authenticator();
        this.policy = options.accessPolicy();
    }

    void routes(HttpServerRoutes routes) {
        routes.get("/health/live", (request, response) -> answer(response, HttpResponseStatus.OK, TEXT, "live\n"));
        routes.get(
                "/health/ready",
                (request, response) -> ready.getAsBoolean()
                        ? answer(response, HttpResponseStatus.OK, TEXT, "ready\n")
                        : answer(response, HttpResponseStatus.SERVICE_UNAVAILABLE, TEXT, "draining\n"));
        routes.get("/metrics", this::metrics);
    }

    private Mono<Void> metrics(HttpServerRequest request, HttpServerResponse response) {
        return mayLook(request)
                .flatMap(may -> may
                        ? metrics.scrape().flatMap(text -> answer(response, HttpResponseStatus.OK, PROMETHEUS, text))
                        : denied(response))
                .onErrorResume(failure -> {
                    LOG.warn("Metrics could not be read: {}", failure.getMessage());
                    return answer(response, HttpResponseStatus.SERVICE_UNAVAILABLE, TEXT, "not now\n");
                });
    }

    private Mono<Boolean> mayLook(HttpServerRequest request) {
        Authenticator known = authenticator;
        AccessPolicy rights = policy;
        if (known == null || rights == null) {
            return Mono.just(true);
        }
        Credentials shown = credentials(request.requestHeaders().get(HttpHeaderNames.AUTHORIZATION));
        return shown == null
                ? Mono.just(false)
                : known.authenticate(shown)
                        .map(identity -> rights.allows(identity, Verb.ADMIN, ""))
                        .defaultIfEmpty(false)
                        .onErrorReturn(AccessDeniedException.class, false);
    }

    private static @Nullable Credentials credentials(@Nullable String header) {
        if (header == null || !header.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
            return null;
        }
        try {
            byte[] pair =
                    Base64.getDecoder().decode(header.substring(BASIC.length()).trim());
            String text = new String(pair, StandardCharsets.UTF_8);
            int colon = text.indexOf(':');
            return colon < 0 ? null : Credentials.simple(text.substring(0, colon), text.substring(colon + 1));
        } catch (IllegalArgumentException notBase64) {
            return null;
        }
    }

    private static Mono<Void> denied(HttpServerResponse response) {
        response.header(HttpHeaderNames.WWW_AUTHENTICATE, "Basic realm=\"sluice\", charset=\"UTF-8\"");
        return answer(
                response,
                HttpResponseStatus.UNAUTHORIZED,
                TEXT,
                "metrics are for users with the verb admin and the prefix *\n");
    }

    private static Mono<Void> answer(HttpServerResponse response, HttpResponseStatus status, String type, String text) {
        return response.status(status)
                .header(HttpHeaderNames.CONTENT_TYPE, type)
                .header(HttpHeaderNames.CACHE_CONTROL, "no-store")
                .sendString(Mono.just(text))
                .then();
    }
}
