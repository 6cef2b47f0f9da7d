package dev.sluice.rsocket.transport;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.util.AttributeKey;
import io.rsocket.RSocketErrorException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
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
    private static final AttributeKey<Boolean> ASKED = AttributeKey.valueOf(ServerConnections.class, "ASKED");

    /** How long an HTTP request that got no answer in time has to read that. */
    private static final long LAST_WORDS_MILLIS = 1_000;

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

    /** Set before those that are there are ended: who comes into {@link #channels} later finds it. */
    private volatile boolean over;

    /** Set before those that are ready are ended: who comes into {@link #ready} later finds it. */
    private volatile @Nullable RSocketErrorException reason;

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

    /** A socket was accepted; no byte of it was read. The server may have stopped listening since. */
    @SuppressWarnings("FutureReturnValueIgnored") // a close that fails leaves a closed channel
    void accepted(Channel channel) {
        // Who sees that it is counted finds it.
        channels.add(channel);
        int now = count.incrementAndGet();
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
        if (over) {
            channel.close();
            return;
        }
        closeAfter(
                options.handshakeTimeout().toMillis(),
                channel,
                () -> !channel.hasAttr(READY) && !channel.hasAttr(ASKED));
    }

    /**
     * A plain HTTP request has come. It has the time of a handshake for itself: its client may have opened the connection long before. On the event loop.
     */
    void asked(Channel channel) {
        channel.attr(ASKED).set(true);
        closeAfter(options.handshakeTimeout().toMillis() + LAST_WORDS_MILLIS, channel, () -> true);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // a close that fails leaves a closed channel
    private static void closeAfter(long millis, Channel channel, BooleanSupplier condition) {
        ScheduledFuture<?> limit = channel.eventLoop()
                .schedule(
                        () -> {
                            if (condition.getAsBoolean()) {
                                channel.close();
                            }
                        },
                        millis,
                        TimeUnit.MILLISECONDS);
        channel.closeFuture().addListener(closed -> limit.cancel(false));
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
        RSocketErrorException ending = reason;
        if (ending != null) {
            made.sendErrorAndClose(ending);
        }
        return made;
    }

    /** Ends all connections, those in a handshake included. */
    @SuppressWarnings("FutureReturnValueIgnored") // a close that fails leaves a closed channel
    void endAll(RSocketErrorException why) {
        over = true;
        reason = why;
        ready.forEach(connection -> connection.sendErrorAndClose(why));
        for (Channel channel : channels) {
            if (!channel.hasAttr(READY)) {
                channel.close();
            }
        }
    }

    /** Ends those that nothing was asked of yet: in a handshake, or without a request. */
    @SuppressWarnings("FutureReturnValueIgnored") // a close that fails leaves a closed channel
    void endUnused() {
        over = true;
        for (Channel channel : channels) {
            if (!channel.hasAttr(READY) && !channel.hasAttr(ASKED)) {
                channel.close();
            }
        }
    }

    /** Closes all, without a word but those that their event loops have been told to say before. */
    @SuppressWarnings("FutureReturnValueIgnored") // a close that fails leaves a closed channel
    void cut() {
        over = true;
        for (Channel channel : channels) {
            EventLoop loop = channel.eventLoop();
            // Two turns: what was told writes in the one and flushes in the other.
            inTurn(loop, () -> inTurn(loop, channel::close));
        }
    }

    /** A loop that has ended has closed its channels. */
    private static void inTurn(EventLoop loop, Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException ended) {
            LOG.debug("An event loop has ended before a connection of it was cut", ended);
        }
    }

    /** Completes when no HTTP request is being answered; to be asked after the server has stopped listening. */
    Mono<Void> whenAnswered() {
        return closed(channel -> channel.hasAttr(ASKED));
    }

    /** Completes when there is no connection; to be asked after the server has stopped listening. */
    Mono<Void> whenNone() {
        return closed(channel -> true);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the listener is what counts
    private Mono<Void> closed(Predicate<Channel> which) {
        return Flux.fromIterable(channels)
                .filter(which)
                .flatMap(channel ->
                        Mono.<Void>create(sink -> channel.closeFuture().addListener(closed -> sink.success())))
                .then();
    }
}
