package dev.sluice.rsocket.transport;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import io.rsocket.RSocketErrorException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;

/** The connections of a server: counts and limits them, and hands those that are ready to their acceptor. Thread safe. */
final class ServerConnections {

    private static final Logger LOG = LoggerFactory.getLogger(ServerConnections.class);
    private static final AttributeKey<Boolean> READY = AttributeKey.valueOf(ServerConnections.class, "READY");

    /** Connections are refused without a word for this long after there was one. */
    private static final long BURST_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final TransportOptions options;
    private final Function<NettyConnection, Mono<Void>> acceptor;
    private final Set<NettyConnection> ready = ConcurrentHashMap.newKeySet();
    private final Set<Channel> channels = ConcurrentHashMap.newKeySet();
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicLong refused = new AtomicLong();
    private final Runnable whenRefused;
    private final AtomicLong toldOfRefused = new AtomicLong(System.nanoTime() - BURST_NANOS);

    ServerConnections(TransportOptions options, Function<NettyConnection, Mono<Void>> acceptor, Runnable whenRefused) {
        this.options = options;
        this.acceptor = acceptor;
        this.whenRefused = whenRefused;
    }

    int count() {
        return count.get();
    }

    long refused() {
        return refused.get();
    }

    /** A socket was accepted; no byte of it was read. */
    @SuppressWarnings("FutureReturnValueIgnored") // a close that fails leaves a closed channel
    void accepted(Channel channel) {
        int now = count.incrementAndGet();
        channels.add(channel);
        channel.closeFuture().addListener(closed -> {
            channels.remove(channel);
            count.decrementAndGet();
        });
        if (now > options.mostConnections()) {
            // Counted first: who sees that it was refused finds it counted.
            refuse();
            channel.close();
            return;
        }
        channel.eventLoop()
                .schedule(
                        () -> {
                            if (!channel.hasAttr(READY)) {
                                channel.close();
                            }
                        },
                        options.handshakeTimeout().toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    /** Who is refused comes back, perhaps a thousand times a second: one line tells of many. */
    private void refuse() {
        long sum = refused.incrementAndGet();
        whenRefused.run();
        long now = System.nanoTime();
        long before = toldOfRefused.get();
        if (now - before >= BURST_NANOS && toldOfRefused.compareAndSet(before, now)) {
            LOG.warn(
                    "{} has {} connections, as many as it may: others are refused, {} so far; raise mostConnections if"
                            + " they are welcome",
                    options,
                    options.mostConnections(),
                    sum);
        }
    }

    /** The handshakes of a connection are over. On its event loop. */
    NettyConnection ready(Connection connection) {
        connection.channel().attr(READY).set(true);
        NettyConnection made = NettyConnection.over(connection, options.isWebSocket(), options.longestFrame());
        ready.add(made);
        Disposable serving = Mono.defer(() -> acceptor.apply(made)).subscribe(nothing -> {}, failure -> {
            LOG.debug("{} is closed: its acceptor failed", made, failure);
            made.dispose();
        });
        Runnable ended = () -> {
            ready.remove(made);
            serving.dispose();
        };
        made.onClose()
                .subscribe(
                        nothing -> {},
                        failure -> {
                            LOG.debug("{}", failure.getMessage(), failure);
                            ended.run();
                        },
                        ended);
        return made;
    }

    /** Ends all connections, those in a handshake included. */
    @SuppressWarnings("FutureReturnValueIgnored") // a close that fails leaves a closed channel
    void endAll(RSocketErrorException reason) {
        ready.forEach(connection -> connection.sendErrorAndClose(reason));
        for (Channel channel : channels) {
            if (!channel.hasAttr(READY)) {
                channel.close();
            }
        }
    }

    /** Completes when there is no connection; to be asked after the server has stopped listening. */
    @SuppressWarnings("FutureReturnValueIgnored") // the listener is what counts
    Mono<Void> whenNone() {
        return Flux.fromIterable(channels)
                .flatMap(channel ->
                        Mono.<Void>create(sink -> channel.closeFuture().addListener(closed -> sink.success())))
                .then();
    }
}
