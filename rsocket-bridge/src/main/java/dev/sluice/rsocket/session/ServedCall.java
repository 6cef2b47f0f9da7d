package dev.sluice.rsocket.session;

import dev.sluice.Frame;
import dev.sluice.ProtocolViolationException;
import dev.sluice.Source;
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
final class ServedCall extends Stream {

    private static final Assembly NOTHING = new Assembly(0);

    private final String service;
    private final OutNest answer;
    private final @Nullable InNest uplink;

    // Until the service has them.
    private Map<String, String> tags;
    private Assembly body;
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
        this.body = new Assembly(total);
        this.answer = new OutNest(session, id, 1, this::watched, firstItems, this::answered);
        this.uplink = hasUplink ? new InNest(session, id, 1, service, 0, this::uplinkOver) : null;
        this.uplinkOver = !hasUplink;
    }

    /** The beginning of the body. */
    void begin(byte[] bytes) {
        body.add(bytes);
        startWhenWhole();
    }

    @Override
    void onMore(ByteBuf buffer, int length) {
        if (abandoned) {
            return;
        }
        if (length > body.missing()) {
            throw new ProtocolViolationException("MORE of the body of call " + id + " than it has");
        }
        body.add(buffer, length);
        startWhenWhole();
    }

    private void startWhenWhole() {
        if (body.missing() == 0) {
            int held = body.total() + Wire.OVERHEAD;
            session.inbound().bodyIsOver(this);
            started = true;
            answer.start();
            answer.onGrant(firstDemand, 0);
            session.inbound().release(held);
        }
    }

    /** Hands over what it was asked, and keeps nothing of it. */
    private Request request() {
        Flux<RemoteSource> sources = uplink == null ? Flux.empty() : uplink.flux();
        Request request = new ServedRequest(service, body.whole(), tags, sources, session);
        letGo();
        return request;
    }

    private void letGo() {
        body = NOTHING;
        tags = Map.of();
    }

    private Publisher<? extends Source> watched() {
        Request request = request();
        return session.watcher().serving(request, () -> answer(request));
    }

    private Publisher<? extends Source> answer(Request request) {
        Service found = session.service(service);
        return found == null
                ? Flux.error(Failures.of(
                        Code.NO_SERVICE,
                        "no service \"" + service + "\" here: check its name, or offer it before it is called"))
                : found.answer(request);
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
        int held = body.total();
        letGo();
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
