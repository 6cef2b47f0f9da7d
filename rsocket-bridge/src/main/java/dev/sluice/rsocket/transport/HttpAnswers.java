package dev.sluice.rsocket.transport;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.HttpServerRoutes;

/**
 * Answers requests on the port of a WebSocket that do not ask for one: one on each connection, which closes behind the answer. What a connection
 * may hold is bounded: its headers by the server's decoder, its body here, and its time by {@link ServerConnections#asked}. Thread safe.
 */
final class HttpAnswers implements BiFunction<HttpServerRequest, HttpServerResponse, Publisher<Void>> {

    /** Bytes of the longest body. */
    static final int MOST_BODY = 64 << 10;

    private static final Logger LOG = LoggerFactory.getLogger(HttpAnswers.class);

    /** Characters of a path in a line of the log. */
    private static final int MOST_LOGGED = 200;

    private final TransportOptions options;
    private final ServerConnections connections;
    private final HttpServerRoutes routes = HttpServerRoutes.newRoutes();

    HttpAnswers(TransportOptions options, ServerConnections connections) {
        this.options = options;
        this.connections = connections;
        Consumer<? super HttpServerRoutes> added = options.http();
        if (added != null) {
            added.accept(routes);
        }
        routes.route(any -> true, this::unknown);
    }

    /** On the event loop of the request's connection, as all here. */
    @Override
    public Publisher<Void> apply(HttpServerRequest request, HttpServerResponse response) {
        Channel[] channel = new Channel[1];
        request.withConnection(connection -> channel[0] = connection.channel());
        connections.asked(channel[0]);
        if (request.requestHeaders().contains(HttpHeaderNames.TRANSFER_ENCODING)) {
            String text = "say with Content-Length how long the body is: at most " + MOST_BODY + " bytes";
            return say(HttpResponseStatus.LENGTH_REQUIRED, text, request, response);
        }
        long length = bodyOf(request.requestHeaders());
        if (length > MOST_BODY) {
            String text = "a body may have " + MOST_BODY + " bytes, this one has " + length;
            return say(HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE, text, request, response);
        }
        return Mono.from(routes.apply(request, response))
                .timeout(options.handshakeTimeout(), Schedulers.fromExecutorService(channel[0].eventLoop()))
                .onErrorResume(failure -> failed(failure, channel[0], request, response));
    }

    /** The decoder has refused what is no number. */
    private static long bodyOf(HttpHeaders headers) {
        String length = headers.get(HttpHeaderNames.CONTENT_LENGTH);
        return length == null ? 0 : Long.parseLong(length.trim());
    }

    private Publisher<Void> unknown(HttpServerRequest request, HttpServerResponse response) {
        String text = "nothing at this path; RSocket over WebSocket is at " + options.path();
        return say(HttpResponseStatus.NOT_FOUND, text, request, response);
    }

    private Mono<Void> failed(
            Throwable failure, Channel channel, HttpServerRequest request, HttpServerResponse response) {
        if (!channel.isActive()) {
            LOG.debug("{} left before it had its answer", channel, failure);
            return Mono.empty();
        }
        boolean late = failure instanceof TimeoutException;
        if (!late) {
            LOG.warn("{} {} on {} failed", request.method(), shown(request.uri()), options, failure);
        }
        if (response.hasSentHeaders()) {
            // Who reads only half an answer must see that it is half.
            request.withConnection(connection -> connection.dispose());
            return Mono.empty();
        }
        response.responseHeaders().clear();
        return late
                ? say(
                        HttpResponseStatus.SERVICE_UNAVAILABLE,
                        "no answer within " + options.handshakeTimeout() + ": try again later",
                        request,
                        response)
                : say(
                        HttpResponseStatus.INTERNAL_SERVER_ERROR,
                        "this failed; the log of the server says why",
                        request,
                        response);
    }

    /** A path is a stranger's: one line of it, and not all of a long one. */
    private static String shown(String path) {
        return path.substring(0, Math.min(path.length(), MOST_LOGGED)).replaceAll("\\p{Cntrl}", "?");
    }

    /**
     * Answers with a text. A body that still comes is thrown away until the client closes or its time is over: to close on unread bytes would reset the
     * connection, and the client might never read the answer.
     */
    private static Mono<Void> say(
            HttpResponseStatus status, String text, HttpServerRequest request, HttpServerResponse response) {
        byte[] line = (text + "\n").getBytes(StandardCharsets.UTF_8);
        // Who expects 100 Continue sends no body after this.
        Mono<Void> rest = request.requestHeaders().contains(HttpHeaderNames.EXPECT)
                ? Mono.empty()
                : request.receive().then().onErrorComplete();
        // Deferred, for of a single value Reactor Netty would make the whole answer, with the end of it.
        Flux<byte[]> body = Flux.defer(() -> Flux.just(line));
        return response.status(status)
                .header(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8")
                .header(HttpHeaderNames.CONTENT_LENGTH, Integer.toString(line.length))
                .sendByteArray(body)
                .then(rest)
                .then();
    }
}
