package dev.sluice.ninep.session;

import dev.sluice.ninep.command.Leases;
import dev.sluice.ninep.wire.Answer;
import dev.sluice.ninep.wire.Body;
import dev.sluice.ninep.wire.Dialect;
import dev.sluice.ninep.wire.Errno;
import dev.sluice.ninep.wire.Refusal;
import dev.sluice.ninep.wire.Type;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * A connection. Requests are begun in the order in which they come, and answered as each can be: one that waits holds up no other. All of this is on the
 * connection's event loop; what happens elsewhere is handed over by {@link #execute}.
 *
 * <p>Everything that waits is in a table by its tag, so that a Tflush finds it. A Tflush is answered when its request has been answered or withdrawn.
 * When the connection ends, or begins anew with a Tversion, everything that waits is withdrawn and every fid closed.
 *
 * <p>A request that cannot be understood is refused, and the connection goes on. What cannot be told apart any more ends it: a size that cannot be one,
 * and the tag of a request that still waits.
 */
public final class Session {

    private static final Logger LOG = LoggerFactory.getLogger(Session.class);

    private final Site site;
    private final ChannelHandlerContext context;
    private final EventLoop loop;
    private final Outbound out;
    private final Fids fids;
    private final Requests requests;
    private final OneAtATime slow;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final IntObjectMap<Pending> waiting = new IntObjectHashMap<>();
    private Leases leases;
    private @Nullable Dialect dialect;
    private int messageSize;
    private long buffered;

    /** Tflushes that were not answered yet. */
    private int flushes;

    private boolean isOver;

    private Session(Site site, ChannelHandlerContext context) {
        this.site = site;
        this.context = context;
        this.loop = context.channel().eventLoop();
        this.messageSize = Limits.SHORTEST_MESSAGE;
        this.out = new Outbound(context, site.limits().bufferedBytes());
        this.fids = new Fids(site.limits().mostFids());
        this.leases = site.leases();
        this.requests = new Requests(this);
        this.slow = new OneAtATime(this::execute);
    }

    /**
     * Serves a connection from its next byte on.
     *
     * @param before the handler before which its own are put
     * @param patienceMillis how long it may take to say which dialect it speaks
     * @return completes when the connection is over and what it held is given back
     */
    @SuppressWarnings("FutureReturnValueIgnored") // a close that fails leaves a closed channel
    public static CompletableFuture<Void> serve(
            io.netty.channel.Channel channel, Site site, String before, long patienceMillis) {
        Entrance entrance = new Entrance();
        channel.pipeline().addBefore(before, "sluice.9p.messages", entrance.cutter());
        channel.pipeline().addBefore(before, "sluice.9p.session", entrance);
        Session session = new Session(site, channel.pipeline().context(entrance));
        entrance.leadsTo(session);
        session.loop.schedule(
                () -> {
                    if (session.dialect == null) {
                        channel.close();
                    }
                },
                patienceMillis,
                TimeUnit.MILLISECONDS);
        channel.config().setAutoRead(true);
        return session.ended;
    }

    int longestMessage() {
        return dialect == null ? Limits.SHORTEST_MESSAGE : messageSize;
    }

    /** A message, which stays the caller's. */
    void received(ByteBuf message) {
        if (isOver) {
            return;
        }
        message.skipBytes(Integer.BYTES);
        int type = message.readUnsignedByte();
        int tag = message.readUnsignedShortLE();
        if (waiting.containsKey(tag)) {
            broken(new IllegalStateException(
                    "it uses tag " + tag + " again for a request while another of that tag waits"));
            return;
        }
        try {
            dispatch(type, tag, new Body(message));
        } catch (Refusal refusal) {
            out.send(refusal(tag, refusal));
        }
    }

    private void dispatch(int type, int tag, Body body) {
        if (type == Type.TVERSION) {
            version(tag, body);
            return;
        }
        Dialect spoken = dialect;
        if (spoken == null) {
            throw new Refusal(
                    Errno.EPROTO, "a connection begins with Tversion, and not with a message of type " + type);
        }
        if (!Type.isKnown(type, spoken)) {
            throw new Refusal(Errno.EOPNOTSUPP, spoken.version() + " has no request of type " + type);
        }
        if (type == Type.TFLUSH) {
            flush(tag, body);
            return;
        }
        if (waiting.size() >= site.limits().mostWaiting() && type != Type.TCLUNK) {
            throw new Refusal(
                    Errno.ENOBUFS,
                    "a connection has at most " + site.limits().mostWaiting()
                            + " requests that wait: let it have fewer, or raise mostWaiting");
        }
        requests.begin(type, tag, body, spoken);
    }

    private void version(int tag, Body body) {
        long asked = body.u32();
        String version = body.text();
        body.end();
        reset();
        Dialect known = Dialect.of(version);
        if (known != null && asked < Limits.SHORTEST_MESSAGE) {
            throw new Refusal(
                    Errno.EINVAL,
                    "messages of " + asked + " bytes are too short: ask for at least " + Limits.SHORTEST_MESSAGE);
        }
        messageSize = (int)
                Math.min(Math.max(asked, Limits.SHORTEST_MESSAGE), site.limits().longestMessage());
        dialect = known;
        out.send(Answer.to(Type.TVERSION, tag, alloc())
                .i32(messageSize)
                .text(known == null ? "unknown" : known.version())
                .done());
    }

    private void flush(int tag, Body body) {
        int old = body.u16();
        body.end();
        Pending pending = waiting.get(old);
        if (pending == null) {
            out.send(Pending.flushAnswer(this, tag));
        } else if (++flushes > mostWaiting()) {
            broken(new IllegalStateException("more than " + mostWaiting() + " Tflushes wait"));
        } else {
            pending.flushedBy(tag);
        }
    }

    /** A Tflush is done. */
    void flushed(int tag) {
        flushes--;
        out.send(Pending.flushAnswer(this, tag));
    }

    /** Lets go of everything that was begun before. */
    private void reset() {
        List<Pending> abandoned = new ArrayList<>(waiting.values());
        waiting.clear();
        flushes = 0;
        try {
            abandoned.forEach(Pending::abandon);
            fids.clear();
        } finally {
            requests.reset();
            leases.end();
            leases = site.leases();
        }
    }

    void end() {
        isOver = true;
        dialect = null;
        try {
            reset();
        } finally {
            ended.complete(null);
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // a close that fails leaves a closed channel
    void close() {
        context.close();
    }

    void broken(Throwable failure) {
        if (!isOver && !(failure instanceof IOException)) {
            site.warnings().say(this + " is closed: " + failure);
        }
        LOG.debug("{} is closed", this, failure);
        isOver = true;
        close();
    }

    // What requests use.

    Site site() {
        return site;
    }

    Outbound out() {
        return out;
    }

    Fids fids() {
        return fids;
    }

    Attributes attributes() {
        return requests.attributes();
    }

    Dialect dialect() {
        Dialect spoken = dialect;
        return spoken == null ? Dialect.PLAN9 : spoken;
    }

    Leases leases() {
        return leases;
    }

    ByteBufAllocator alloc() {
        return context.alloc();
    }

    ByteBuf refusal(int tag, Refusal refusal) {
        if (refusal.errno() == Errno.ENOBUFS || refusal.errno() == Errno.EMFILE) {
            site.warnings().say(this + ": " + refusal.why());
        }
        LOG.debug("{}: {}", this, refusal.why());
        return Answer.refusal(refusal, tag, dialect(), alloc());
    }

    /** The most bytes Linux reads or writes in one request. */
    int longestData() {
        return messageSize - Limits.IO_HEADER;
    }

    /** The most bytes of data an answer has room for. */
    int longestAnswer() {
        return messageSize - Answer.DATA_HEADER;
    }

    int mostWaiting() {
        return site.limits().mostWaiting();
    }

    /** Keeps a request, unless it is over already, where a Tflush finds it. */
    void waits(Pending pending) {
        if (!pending.isOver()) {
            waiting.put(pending.tag, pending);
        }
    }

    void ended(Pending pending) {
        waiting.remove(pending.tag);
    }

    /** Answers a request when something has been done elsewhere. */
    <T> void run(int tag, Mono<T> work, Function<T, ByteBuf> answer) {
        run(tag, work, answer, () -> {});
    }

    /** As {@link #run(int, Mono, Function)}; {@code whenNot} is run when it was not done. */
    <T> void run(int tag, Mono<T> work, Function<T, ByteBuf> answer, Runnable whenNot) {
        Task<T> task = new Task<>(this, tag, answer, whenNot);
        task.begin(work);
        waits(task);
    }

    /** Refuses what would make the connection hold more bytes than it may. */
    void requireBuffer(int bytes) {
        if (buffered + bytes > site.limits().bufferedBytes()) {
            throw new Refusal(
                    Errno.ENOBUFS,
                    "a connection has at most " + site.limits().bufferedBytes()
                            + " bytes of writes that wait, and of reports: write less at a time, or raise bufferedBytes");
        }
    }

    /** So many bytes more are held for the connection, or fewer when negative. */
    void buffer(int bytes) {
        buffered += bytes;
    }

    /** Looks at many channels: off the event loop, and one such thing at a time. */
    <T> Mono<T> inTurn(Mono<T> work) {
        return slow.inTurn(work);
    }

    /** Runs something on the event loop: now if this is it. */
    void execute(Runnable task) {
        if (loop.inEventLoop()) {
            run(task);
        } else {
            executeLater(task);
        }
    }

    /** Runs something on the event loop, behind what is there already. */
    void executeLater(Runnable task) {
        loop.execute(() -> run(task));
    }

    /** What goes wrong here has left something half done: the connection ends, and what it holds goes back. */
    private void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error failure) {
            broken(failure);
        }
    }

    @Override
    public String toString() {
        return "9P connection of " + context.channel().remoteAddress();
    }
}
