package dev.sluice.rsocket.session;

import dev.sluice.Frame;
import dev.sluice.Source;
import dev.sluice.rsocket.Call;
import dev.sluice.rsocket.RemoteSource;
import dev.sluice.rsocket.wire.Code;
import dev.sluice.rsocket.wire.RecordWriter;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;

/**
 * A call this side makes: the answer comes in under its id, the uplink goes out under it. It leaves the session when both are over.
 *
 * <p>Calls are written one after the other, each whole, in the order of their subscriptions: what one thread sends first arrives first.
 */
final class OutgoingCall extends Stream {

    private final Call call;
    private final byte[] head;
    private final InNest answer;
    private final @Nullable OutNest uplink;
    private int offset;
    private boolean begun;
    private boolean answered;
    private boolean uplinkOver;

    private OutgoingCall(Session session, Call call) {
        super(session, 0, 1);
        this.call = call;
        this.head = RecordWriter.callHead(call.service(), call.firstItems(), call.tags());
        this.answer = new InNest(session, 0, 1, call.service(), call.firstItems(), this::answered);
        Flux<Source> sources = call.uplink();
        this.uplink = sources == null ? null : new OutNest(session, 0, 1, () -> sources, 0, this::uplinkOver);
        this.uplinkOver = uplink == null;
    }

    /** Makes a call as soon as it can be made, or fails it at once when its name or tags are longer than a call can have. */
    static void make(Session session, Call call, CoreSubscriber<? super RemoteSource> subscriber) {
        OutgoingCall made;
        try {
            made = new OutgoingCall(session, call);
        } catch (IllegalArgumentException tooLong) {
            Operators.error(subscriber, tooLong);
            return;
        }
        made.answer.flux().subscribe(subscriber);
        session.touch(made);
    }

    /** Queues the call. */
    @Override
    void run() {
        if (!begun && !isGivenUp()) {
            session.call(this);
        }
    }

    boolean hasUplink() {
        return uplink != null;
    }

    boolean isBegun() {
        return begun;
    }

    /** Whether the subscriber has gone before the call was made. */
    boolean isGivenUp() {
        return answer.isOver();
    }

    /** Whether no more of the body is to be written; once the other side knows that the call is cancelled, it waits for no more. */
    boolean isWritten() {
        return offset == call.body().size() || answer.isLeft();
    }

    int bodySize() {
        return call.body().size();
    }

    /** Writes the call and the beginning of its body. */
    void begin() {
        begun = true;
        id = session.nextId();
        answer.id = id;
        if (uplink != null) {
            uplink.id = id;
        }
        session.add(this);
        offset = session.outbound().call(this, head, call.body());
        answer.run();
    }

    /** Fails a call whose body the other side would not take: it would end the session. */
    void refuse(long largest) {
        disconnected(Failures.of(
                Code.TOO_LARGE,
                "a body of " + bodySize() + " bytes, the other side takes at most " + largest
                        + ": send it as frames of an uplink, or raise largestFrame there"));
    }

    void goOn() {
        Frame body = call.body();
        offset += session.outbound().more(id, body, offset);
    }

    private void answered() {
        answered = true;
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
    void onOpen(long child, boolean nest, Frame header) {
        answer.onOpen(child, nest, header);
    }

    @Override
    void onEnd() {
        answer.onEnd();
    }

    @Override
    void onFail(Code code, String text) {
        answer.onFail(code, text);
    }

    @Override
    void onGrant(long items, long bytes) {
        if (uplink == null) {
            super.onGrant(items, bytes);
        } else {
            uplink.onGrant(items, bytes);
        }
    }

    @Override
    void onCancel() {
        if (uplink == null) {
            super.onCancel();
        } else {
            uplink.onCancel();
        }
    }

    @Override
    void disconnected(Throwable cause) {
        answer.disconnected(cause);
        if (uplink != null) {
            uplink.disconnected(cause);
        }
    }
}
