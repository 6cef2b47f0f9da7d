package dev.sluice.ninep.session;

import dev.sluice.ninep.wire.Answer;
import dev.sluice.ninep.wire.Refusal;
import dev.sluice.ninep.wire.Type;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request that is not answered yet. Used on its connection's event loop only.
 *
 * <p>It ends once: answered, refused, or withdrawn by a Tflush. The answers to those who flushed it come behind its own, if it gets one.
 */
abstract class Pending {

    final Session session;
    final int tag;
    private boolean isOver;

    /** Tags of those who flushed it and were not answered, null for none. */
    private @Nullable List<Integer> flushers;

    Pending(Session session, int tag) {
        this.session = session;
        this.tag = tag;
    }

    final boolean isOver() {
        return isOver;
    }

    /** Somebody takes it back. Ends by {@link #withdrawn}, at once or later, or by an answer that was on its way. */
    abstract void flush();

    /** The connection is over, or begins anew: lets go of everything, without an answer. */
    abstract void abandon();

    final void flushedBy(int flusher) {
        List<Integer> known = flushers;
        if (known == null) {
            known = new ArrayList<>(1);
            flushers = known;
        }
        known.add(flusher);
        flush();
    }

    final void answer(ByteBuf answer) {
        if (isOver) {
            answer.release();
            return;
        }
        over();
        session.out().send(answer);
        tellFlushers();
    }

    final void refuse(Refusal refusal) {
        if (!isOver) {
            answer(session.refusal(tag, refusal));
        }
    }

    /** It had no effect, and gets no answer. */
    final void withdrawn() {
        if (!isOver) {
            over();
            tellFlushers();
        }
    }

    /** It ends without a word to anybody. */
    final void forget() {
        isOver = true;
    }

    /** Marks it as ended, when the answer goes out by another way. */
    final void over() {
        isOver = true;
        session.ended(this);
    }

    final void tellFlushers() {
        List<Integer> known = flushers;
        flushers = null;
        if (known != null) {
            known.forEach(session::flushed);
        }
    }

    /** The answer to a Tflush. */
    static ByteBuf flushAnswer(Session session, int tag) {
        return Answer.empty(Type.TFLUSH, tag, session.alloc());
    }
}
