package dev.sluice.ninep.session;

import dev.sluice.Frame;
import dev.sluice.channel.Delivery;
import dev.sluice.ninep.tree.Failures;
import dev.sluice.ninep.wire.Answer;
import dev.sluice.ninep.wire.Errno;
import dev.sluice.ninep.wire.Refusal;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;

/**
 * Reads the frames of a channel for one open file: each read takes one frame, or goes on with what the one before left of it.
 *
 * <p><b>What is taken.</b> One frame is asked for while a read waits, and none otherwise, so a channel gives nothing to a file that nobody reads. A
 * frame is received when all of it has reached the socket. When the file is closed, or its connection lost, what has not goes back to the front: whole
 * frames by leaving the channel, the rest of one by {@link Delivery#nack(Object)}.
 *
 * <p><b>A flushed read takes nothing.</b> When no other read waits, its demand is withdrawn by leaving the channel, which is exact; the next read joins
 * again. To leave would also take back frames that are on their way to the socket, so a flush waits for those: it is answered when they are out, or the
 * read is answered first because a frame has come. A listener does not leave, for it would lose its place; what comes then is kept for the next read.
 *
 * <p>On the event loop only; frames come on any thread, and are handed over.
 */
final class FrameReader {

    private final Session session;
    private final Publisher<?> frames;
    private final boolean takesAway;
    private final boolean waits;
    private final ShortReads shortReads;

    /** Those that wait, oldest first. */
    private final ArrayDeque<WaitingRead> waiting = new ArrayDeque<>(1);

    /** Frames that were taken and are not received, oldest first; the last may be the one being read. */
    private final Deque<Taken> unsettled = new ArrayDeque<>(1);

    /** The frame that is being read, of which something is left. */
    private @Nullable Taken current;

    private @Nullable Joined joined;

    /** Answers that are neither in the socket nor lost. */
    private int inFlight;

    private boolean isResting;
    private boolean isClosing;
    private boolean isEnded;
    private @Nullable Throwable failure;

    /**
     * A reader.
     *
     * @param frames deliveries of frames, or frames when nothing is taken away by reading them
     * @param waits whether a read waits for a frame; if not it is refused when there is none
     */
    FrameReader(Session session, Publisher<?> frames, boolean takesAway, boolean waits) {
        this.session = session;
        this.frames = frames;
        this.takesAway = takesAway;
        this.waits = waits;
        this.shortReads = new ShortReads(session.longestData());
    }

    /** Joins the channel before anything is read: a listener sees what is sent from now on. */
    void join() {
        Joined fresh = new Joined();
        joined = fresh;
        frames.subscribe(fresh);
    }

    /** A read: answered now, or later. */
    void read(int tag, int count) {
        ShortReads.Kind kind = shortReads.kind(count);
        if (kind == ShortReads.Kind.CONTINUATION || (kind == ShortReads.Kind.EITHER && waits)) {
            session.out().send(Answer.data(tag, Frame.EMPTY, 0, 0, session.alloc()));
            return;
        }
        WaitingRead read = new WaitingRead(session, tag, count, this);
        waiting.add(read);
        if (current != null) {
            serve(current);
        }
        demand();
        if (!read.isOver() && !waits && !(joined != null && joined.hasEnded)) {
            waiting.remove(read);
            dropDemand();
            if (kind == ShortReads.Kind.EITHER) {
                read.answer(Answer.data(tag, Frame.EMPTY, 0, 0, session.alloc()));
            } else {
                read.refuse(new Refusal(Errno.EAGAIN, "there is no frame now"));
            }
        }
        session.waits(read);
    }

    /** Asks for a frame if a read waits for one. */
    private void demand() {
        if (waiting.isEmpty() || current != null) {
            return;
        }
        if (isEnded) {
            endReads();
            return;
        }
        if (joined != null && joined.isAsked) {
            return;
        }
        if (session.out().isCongested()) {
            rest();
            return;
        }
        if (joined == null) {
            join();
        }
        Joined from = joined;
        if (from != null) {
            from.ask();
        }
    }

    private void rest() {
        if (!isResting) {
            isResting = true;
            session.out().rest(() -> {
                isResting = false;
                demand();
            });
        }
    }

    private void came(Taken taken) {
        if (isClosing || (takesAway && waiting.isEmpty()) || (session.out().isCongested() && taken.giveBack())) {
            taken.giveBack();
            demand();
            return;
        }
        if (taken.frame.isEmpty()) {
            // It has nothing to be read, and an empty answer would mean the end: it is received.
            taken.sent(0);
            demand();
            return;
        }
        unsettled.add(taken);
        current = taken;
        serve(taken);
        demand();
    }

    /** Answers the reads that wait with a frame, as far as it goes. */
    private void serve(Taken taken) {
        while (taken.left() > 0) {
            WaitingRead read = waiting.peek();
            if (read == null) {
                return;
            }
            int bytes = shortReads.part(Math.min(read.count, session.longestAnswer()), taken.left());
            // First, because there may be no memory for it.
            ByteBuf data = Answer.data(read.tag, taken.frame, taken.read, bytes, session.alloc());
            waiting.remove();
            taken.read += bytes;
            boolean isEnd = taken.left() == 0;
            shortReads.answered(read.count, bytes, isEnd);
            if (isEnd) {
                current = null;
            }
            answer(read, data, taken, bytes);
        }
    }

    private void answer(WaitingRead read, ByteBuf data, Taken taken, int bytes) {
        inFlight++;
        read.over();
        session.out().send(data, written -> {
            inFlight--;
            if (written.isSuccess() && taken.sent(bytes)) {
                unsettled.remove(taken);
            }
            settled();
        });
        read.tellFlushers();
    }

    /** An answer is out, or lost. */
    private void settled() {
        if (inFlight > 0) {
            return;
        }
        if (isClosing) {
            leave();
            return;
        }
        if (waiting.isEmpty()) {
            dropDemand();
            return;
        }
        List<WaitingRead> leaving =
                waiting.stream().filter(read -> read.isLeaving).toList();
        leaving.forEach(this::flush);
    }

    /** A read is taken back. */
    void flush(WaitingRead read) {
        if (!waiting.contains(read)) {
            return;
        }
        boolean isLast = waiting.size() == 1;
        if (isLast && takesAway && inFlight > 0) {
            read.isLeaving = true;
            return;
        }
        waiting.remove(read);
        if (isLast) {
            dropDemand();
        }
        read.withdrawn();
    }

    /** Withdraws the demand for a frame, if nothing that was taken would go back with it. */
    private void dropDemand() {
        Joined from = joined;
        if (takesAway && from != null && from.isAsked && unsettled.isEmpty()) {
            joined = null;
            from.leave();
        }
    }

    /** No more frames come: those who wait are told. */
    private void endReads() {
        Throwable why = failure;
        for (WaitingRead read = waiting.poll(); read != null; read = waiting.poll()) {
            if (why == null) {
                read.answer(Answer.data(read.tag, Frame.EMPTY, 0, 0, session.alloc()));
            } else {
                read.refuse(Failures.refusal(why));
            }
        }
    }

    /** The file is closed, or the connection is over: what was taken and not received goes back. */
    void close() {
        isClosing = true;
        for (WaitingRead read = waiting.poll(); read != null; read = waiting.poll()) {
            read.refuse(new Refusal(Errno.EBADF, "the file was closed while it was being read"));
        }
        if (inFlight == 0) {
            leave();
        }
    }

    private void leave() {
        Joined from = joined;
        joined = null;
        current = null;
        try {
            unsettled.forEach(Taken::giveBackRest);
        } finally {
            unsettled.clear();
            if (from != null) {
                from.leave();
            }
        }
    }

    private void ended(@Nullable Throwable why) {
        isEnded = true;
        failure = why;
        demand();
    }

    /** One membership of the channel. Frames of one that was left are back in the channel already. */
    private final class Joined implements CoreSubscriber<Object> {

        private @Nullable Subscription subscription;

        /** Whether a frame was asked for and has not come. */
        private boolean isAsked;

        /** Whether no more will come, which may still have to find its way to the event loop. */
        private volatile boolean hasEnded;

        void ask() {
            isAsked = true;
            Subscription from = subscription;
            if (from != null) {
                from.request(1);
            }
        }

        void leave() {
            Subscription from = subscription;
            if (from != null) {
                from.cancel();
            }
        }

        @Override
        public void onSubscribe(Subscription s) {
            subscription = s;
        }

        @Override
        @SuppressWarnings("unchecked") // what the file's own channel gives
        public void onNext(Object next) {
            Taken taken = next instanceof Delivery<?> delivery
                    ? new Taken((Frame) delivery.value(), (Delivery<Frame>) delivery)
                    : new Taken((Frame) next, null);
            session.execute(() -> {
                if (joined == this) {
                    isAsked = false;
                    came(taken);
                }
            });
        }

        @Override
        public void onError(Throwable why) {
            hasEnded = true;
            // In a turn of its own: behind a frame that another thread has handed over.
            session.executeLater(() -> {
                if (joined == this) {
                    ended(why);
                }
            });
        }

        @Override
        public void onComplete() {
            hasEnded = true;
            session.executeLater(() -> {
                if (joined == this) {
                    ended(null);
                }
            });
        }
    }
}
