package dev.sluice.rsocket.session;

import dev.sluice.ConnectionLostException;
import dev.sluice.Frame;
import dev.sluice.ProtocolViolationException;
import dev.sluice.rsocket.Call;
import dev.sluice.rsocket.Peer;
import dev.sluice.rsocket.RemoteSource;
import dev.sluice.rsocket.Service;
import dev.sluice.rsocket.SessionOptions;
import dev.sluice.rsocket.watch.Ending;
import dev.sluice.rsocket.watch.SessionWatcher;
import dev.sluice.rsocket.wire.BatchCodec;
import dev.sluice.rsocket.wire.Code;
import dev.sluice.rsocket.wire.Hello;
import dev.sluice.rsocket.wire.RecordReader;
import io.netty.buffer.ByteBuf;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * One session: calls both ways over one link.
 *
 * <p>Threads: all state belongs to the link's event loop; see {@link Loop} for the way there.
 */
public final class Session implements Peer {

    private static final Logger LOG = LoggerFactory.getLogger(Session.class);

    private static final AtomicLong CREATED = new AtomicLong();

    private final long number = CREATED.incrementAndGet();
    private final Link link;
    private final SessionOptions options;
    private final Function<String, @Nullable Service> services;
    private final Frame publisher;
    private final Traffic traffic;
    private final Outbound outbound;
    private final Inbound inbound;
    private final Acceptance acceptance;
    private final Valve valve;
    private final StreamTable streams;
    private final Loop loop;
    private final Greeting greeting;
    private final Departure departure;
    private final Sinks.Empty<Void> closed = Sinks.empty();

    private volatile @Nullable Throwable end;

    /**
     * A session that begins with {@link #start}.
     *
     * @param link what carries it
     * @param client whether this side opened the connection, and so has the odd ids
     * @param options windows and limits
     * @param services finds a service by name, null when there is none
     * @param publisher who this side is across reconnects, or no bytes
     */
    public Session(
            Link link,
            boolean client,
            SessionOptions options,
            Function<String, @Nullable Service> services,
            Frame publisher) {
        this.link = link;
        this.options = options;
        this.services = services;
        this.publisher = publisher;
        this.traffic = new Traffic(link.watcher());
        this.loop = new Loop(link, this::afterwards, this::failHere);
        this.streams = new StreamTable(client, options.mostStreams());
        this.greeting = new Greeting(this, streams);
        this.departure = new Departure(this, this::hangUp);
        this.outbound = new Outbound(this, link);
        this.inbound = new Inbound(this);
        this.acceptance = new Acceptance(this, options.acceptTimeout().toNanos());
        this.valve = new Valve(this, link, options.inboundBytesPerSecond());
    }

    /** Sends HELLO and waits for the other's. On the event loop. */
    public void start() {
        loop.enter();
        try {
            traffic.began();
            greeting.begin(publisher);
        } finally {
            loop.exit();
        }
    }

    /**
     * A batch has come. On the event loop. A batch that breaks the protocol ends the session.
     *
     * @param batch released here
     */
    public void receive(ByteBuf batch) {
        if (end != null) {
            batch.release();
            return;
        }
        loop.enter();
        ByteBuf records = null;
        try {
            valve.received(batch.readableBytes());
            records = BatchCodec.decode(batch, greeting.isCompressed(), link.alloc());
            RecordReader.read(records, inbound);
        } catch (Over over) {
            LOG.debug("Records behind the end of the session with {} are left unread", remoteAddress());
        } catch (ProtocolViolationException violation) {
            breakOff(violation);
        } catch (Throwable thrown) {
            failHere(thrown);
        } finally {
            if (records != null) {
                records.release();
            }
            loop.exit();
        }
    }

    /** The connection is gone. On the event loop. */
    public void disconnected(@Nullable Throwable cause) {
        terminate(
                cause == null && departure.isBegun() ? Ending.CLOSED : Ending.LOST,
                new ConnectionLostException(departure.loss(), cause));
    }

    @Override
    public Flux<RemoteSource> call(Call call) {
        return link.watcher().calling(call, made -> new Flux<>() {
            @Override
            public void subscribe(CoreSubscriber<? super RemoteSource> subscriber) {
                OutgoingCall.make(Session.this, made, subscriber);
            }
        });
    }

    /** Ends the session as {@link #close(String, Duration)} does, with the close timeout. */
    public Mono<Void> close(String text) {
        return close(text, options.closeTimeout());
    }

    /**
     * Ends the session: no new calls; what runs may finish. Of several closes the hastiest counts.
     *
     * @param text why, for the other side
     * @param timeout how long what runs may go on
     * @return completes when the session has ended
     */
    public Mono<Void> close(String text, Duration timeout) {
        return Mono.defer(() -> {
            loop.execute(() -> {
                if (end == null) {
                    departure.announce(text, timeout);
                }
            });
            return onClose();
        });
    }

    /** Whether the other was created later. */
    public boolean isOlderThan(Session other) {
        return number < other.number;
    }

    /** Ends the session at once, for its client has come back with another one; completes when it has ended. */
    public Mono<Void> supersede() {
        return Mono.defer(() -> {
            loop.execute(() -> terminate(
                    Ending.LOST,
                    new ConnectionLostException("the client of " + remoteAddress() + " has come back", null)));
            return onClose();
        });
    }

    private void hangUp() {
        terminate(
                Ending.CLOSED,
                new ConnectionLostException("the session with " + remoteAddress() + " was closed", null));
    }

    @Override
    public boolean isClosed() {
        return end != null;
    }

    @Override
    public Mono<Void> onClose() {
        return closed.asMono();
    }

    @Override
    public SocketAddress remoteAddress() {
        return link.remoteAddress();
    }

    @Override
    public String node() {
        return greeting.peer().node();
    }

    /** Who the other side is across reconnects; no bytes before its HELLO, or when it does not say. */
    public Frame publisher() {
        return greeting.peer().publisher();
    }

    SessionOptions options() {
        return options;
    }

    Hello peerLimits() {
        return greeting.peer();
    }

    SessionWatcher watcher() {
        return link.watcher();
    }

    Traffic traffic() {
        return traffic;
    }

    Outbound outbound() {
        return outbound;
    }

    Inbound inbound() {
        return inbound;
    }

    Acceptance acceptance() {
        return acceptance;
    }

    boolean inLoop() {
        return link.inLoop();
    }

    /** Has the event loop run the stream soon. From any thread. */
    void touch(Stream stream) {
        loop.touch(stream);
    }

    /** Runs a task on the event loop after a while; what it returns cancels it. */
    Runnable schedule(Runnable task, long nanos) {
        return loop.schedule(task, nanos);
    }

    /** Goes on with what is to leave. On the event loop. */
    void drain() {
        loop.enter();
        loop.exit();
    }

    /** What every event ends with. */
    private void afterwards() {
        outbound.drain();
        if (outbound.isOverfull()) {
            breakOff(new ProtocolViolationException("more than " + outbound.hardLimit()
                    + " bytes wait for a connection that is not read: read what was asked for"));
        }
        if (departure.isBegun() && streams.isEmpty() && end == null) {
            hangUp();
        }
        traffic.publish(outbound, streams);
    }

    long nextId() {
        return streams.nextId();
    }

    /** The other side has opened a stream. */
    void takeId(long id) {
        requireOpen();
        streams.takeId(id);
    }

    void add(Stream stream) {
        streams.add(stream);
    }

    void remove(Stream stream) {
        streams.remove(stream);
    }

    /** The stream of an id; null when it has ended; an error when there never was one. */
    @Nullable Stream find(long id) {
        requireOpen();
        return streams.find(id);
    }

    /** What stands behind the record that ended the session is not for anybody. */
    private void requireOpen() {
        if (end != null) {
            throw new Over();
        }
    }

    /** Streams and calls that are open, of both sides. */
    int openStreams() {
        return streams.size();
    }

    /** Whether the other side takes one more. */
    boolean mayOpen() {
        return streams.own() < greeting.peer().mostStreams();
    }

    /** Queues a call, or fails it when no more are made. */
    void call(OutgoingCall call) {
        Throwable refused = end != null ? end : departure.refusal();
        if (refused == null) {
            outbound.call(call);
        } else {
            call.disconnected(refused);
        }
    }

    @Nullable Service service(String name) {
        if (departure.isBegun()) {
            throw Failures.of(Code.UNAVAILABLE, "shutting down: call another instance");
        }
        if (inbound.isTooMany()) {
            throw Failures.of(
                    Code.LIMIT, "more than " + options.callsPerSecond() + " calls in a second: call less often");
        }
        return services.apply(name);
    }

    void greeted(Hello hello) {
        greeting.received(hello);
    }

    void goneAway(Code code, String text) {
        departure.announced(code, text);
    }

    void failedByPeer(Code code, String text) {
        terminate(Ending.FAILED_BY_PEER, Failures.exception(code, text));
    }

    void breakOff(ProtocolViolationException violation) {
        outbound.fail(0, Code.VIOLATION, Failures.text(violation));
        terminate(Ending.VIOLATION, violation);
    }

    /** Something here has thrown what it must not: whatever state that left behind, the session ends with it. */
    private void failHere(Throwable thrown) {
        if (end != null) {
            LOG.error("An error behind the end of the session with {}", remoteAddress(), thrown);
        }
        outbound.fail(0, Code.FAILED, "an error of the other side's own");
        terminate(
                Ending.ERROR,
                new ConnectionLostException("the session with " + remoteAddress() + " ended by an error here", thrown));
        Exceptions.throwIfJvmFatal(thrown);
    }

    /** Runs code of the application that has no way to fail: what it throws is dropped, as Reactor does. */
    void callOut(Runnable code) {
        Failures.dropping(code);
    }

    private void terminate(Ending how, Throwable cause) {
        if (end != null) {
            return;
        }
        loop.enter();
        try {
            outbound.batches().flush();
            end = cause;
            outbound.close(cause);
            acceptance.close();
            valve.close();
            greeting.close();
            departure.close();
            streams.disconnect(cause);
            traffic.ended(how);
            EndingLog.tell(how, remoteAddress(), cause, inbound.isGreeted());
            link.close();
            closed.tryEmitEmpty();
        } finally {
            loop.exit();
        }
    }
}
