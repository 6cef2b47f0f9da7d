package dev.sluice.rsocket.session;

import dev.sluice.Frame;
import dev.sluice.ProtocolViolationException;
import dev.sluice.Source;
import dev.sluice.rsocket.Peer;
import dev.sluice.rsocket.RemoteSource;
import dev.sluice.rsocket.Request;
import dev.sluice.rsocket.Service;
import dev.sluice.rsocket.wire.Code;
import dev.sluice.rsocket.wire.Wire;
import io.netty.buffer.ByteBuf;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;

/** A call the other side makes: the answer goes out under its id, the uplink comes in under it. */
final class ServedCall extends Stream implements Request {

    private final String service;
    private final Map<String, String> tags;
    private final OutNest answer;
    private final @Nullable InNest uplink;
    private byte[] body;
    private int filled;
    private Frame whole = Frame.EMPTY;
    private boolean started;

    /** Cancelled before its body was whole: the service is never called. */
    private boolean abandoned;

    /** Asked for before the body was whole. */
    private long firstDemand;

    private boolean answered;
    private boolean uplinkOver;

    ServedCall(
            Session session,
            long id,
            String service,
            Map<String, String> tags,
            boolean hasUplink,
            long firstItems,
            int total) {
        super(session, id, 1);
        this.service = service;
        this.tags = tags;
        this.body = new byte[total];
        this.answer = new OutNest(session, id, 1, this::watched, firstItems, this::answered);
        this.uplink = hasUplink ? new InNest(session, id, 1, service, 0, this::uplinkOver) : null;
        this.uplinkOver = !hasUplink;
    }

    /** The beginning of the body. */
    void begin(byte[] bytes) {
        System.arraycopy(bytes, 0, body, 0, bytes.length);
        filled = bytes.length;
        startWhenWhole();
    }

    @Override
    void onMore(ByteBuf buffer, int length) {
        if (abandoned) {
            return;
        }
        if (length > body.length - filled) {
            throw new ProtocolViolationException("MORE of the body of call " + id + " than it has");
        }
        buffer.readBytes(body, filled, length);
        filled += length;
        startWhenWhole();
    }

    private void startWhenWhole() {
        if (filled == body.length) {
            whole = Frame.wrap(body);
            body = new byte[0];
            filled = 0;
            session.inbound().bodyIsOver(this);
            started = true;
            answer.start();
            answer.onGrant(firstDemand, 0);
            session.inbound().release(whole.size() + Wire.OVERHEAD);
        }
    }

    private Publisher<? extends Source> watched() {
        return session.watcher().serving(this, this::answer);
    }

    private Publisher<? extends Source> answer() {
        Service found = session.service(service);
        return found == null
                ? Flux.error(Failures.of(
                        Code.NO_SERVICE,
                        "no service \"" + service + "\" here: check its name, or offer it before it is called"))
                : found.answer(this);
    }

    private void answered() {
        answered = true;
        if (uplink != null && !uplinkOver) {
            uplink.discard();
        }
        leaveWhenOver();
    }

    private void uplinkOver() {
        uplinkOver = true;
        leaveWhenOver();
    }

    private void leaveWhenOver() {
        if (answered && uplinkOver) {
            session.remove(this);
        }
    }

    @Override
    public String service() {
        return service;
    }

    @Override
    public Frame body() {
        return whole;
    }

    @Override
    public Map<String, String> tags() {
        return tags;
    }

    @Override
    public Flux<RemoteSource> uplink() {
        return uplink == null ? Flux.empty() : uplink.flux();
    }

    @Override
    public Peer peer() {
        return session;
    }

    @Override
    void run() {}

    @Override
    void onGrant(long items, long bytes) {
        if (started) {
            answer.onGrant(items, bytes);
        } else {
            firstDemand = Operators.addCap(firstDemand, items);
        }
    }

    @Override
    void onCancel() {
        if (!started && !abandoned) {
            abandon();
        }
        answer.onCancel();
    }

    private void abandon() {
        abandoned = true;
        int held = body.length;
        body = new byte[0];
        session.inbound().bodyIsOver(this);
        session.inbound().release(held + Wire.OVERHEAD);
    }

    @Override
    void onOpen(long child, boolean nest, Frame header) {
        if (uplink == null) {
            super.onOpen(child, nest, header);
        } else {
            uplink.onOpen(child, nest, header);
        }
    }

    @Override
    void onEnd() {
        if (uplink == null) {
            super.onEnd();
        } else {
            uplink.onEnd();
        }
    }

    @Override
    void onFail(Code code, String text) {
        if (uplink == null) {
            super.onFail(code, text);
        } else {
            uplink.onFail(code, text);
        }
    }

    @Override
    void disconnected(Throwable cause) {
        onCancel();
        if (uplink != null) {
            uplink.disconnected(cause);
        }
    }
}
