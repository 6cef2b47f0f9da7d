package dev.sluice.ninep.session;

import dev.sluice.Frame;
import dev.sluice.channel.Channel;
import dev.sluice.channel.SendResult;
import dev.sluice.channel.Sender;
import dev.sluice.channel.spi.Afresh;
import dev.sluice.ninep.tree.Node;
import dev.sluice.ninep.wire.Errno;
import dev.sluice.ninep.wire.Refusal;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/**
 * A channel opened as a file: a read receives, and a write is a frame. Offsets mean nothing.
 *
 * <p>A channel that has expired meanwhile, because it was idle, is made anew by the next read or write, as for those who use it by its name. One that was
 * deleted stays what it is.
 */
final class OpenChannel implements OpenFile {

    private final Session session;
    private final Mode mode;
    private final @Nullable FrameReader reader;
    private volatile Channel<Frame> channel;

    /** Writes that wait: later ones stay behind them. */
    private int waitingWrites;

    OpenChannel(Session session, Channel<Frame> channel, Node.Reader how, Mode mode) {
        this.session = session;
        this.channel = channel;
        this.mode = mode;
        this.reader = mode.reads() ? reader(how) : null;
    }

    private FrameReader reader(Node.Reader how) {
        if (how instanceof Node.Listener listener) {
            FrameReader listening = new FrameReader(
                    session,
                    Flux.defer(() -> Afresh.flux(again(() -> channel.listen(listener.from(), listener.options())))),
                    false,
                    mode.waits());
            // What is sent from now on is for it, whether or not it has been read from yet.
            listening.join();
            return listening;
        }
        String group = ((Node.Group) how).group();
        return new FrameReader(
                session,
                Flux.defer(() -> Afresh.flux(again(() -> channel.receiveAcked(group, session.mostWaiting())))),
                true,
                mode.waits());
    }

    /** Does something with the channel, and, when it was asked for again because that has expired, with the one that has its name then. */
    private <R> Supplier<R> again(Supplier<R> what) {
        AtomicReference<Channel<Frame>> used = new AtomicReference<>();
        return () -> {
            if (used.get() == channel) {
                channel = session.site().tree().channels().channel(channel.name());
            }
            used.set(channel);
            return what.get();
        };
    }

    @Override
    public void read(int tag, long offset, int count) {
        if (reader == null) {
            throw OpenFile.notForReading();
        }
        reader.read(tag, count);
    }

    @Override
    public void write(int tag, byte[] data) {
        if (!mode.writes()) {
            OpenFile.super.write(tag, data);
        }
        if (data.length == 0) {
            throw new Refusal(Errno.EINVAL, "a frame that is written as a file has at least one byte");
        }
        if (session.site().isDraining().getAsBoolean()) {
            throw new Refusal(Errno.EPIPE, "the server is about to end, and takes no more frames");
        }
        Frame frame = Frame.wrap(data);
        if (waitingWrites > 0 && mode.waits()) {
            writeLater(tag, frame);
            return;
        }
        SendResult result = trySend(frame);
        if (result == SendResult.ACCEPTED) {
            session.out().send(OpenFile.written(session, tag, data.length));
        } else if (result == SendResult.FULL && !mode.waits()) {
            // Not EAGAIN, after which Linux 6.12 tries again without end.
            throw new Refusal(Errno.ENOBUFS, "the channel \"" + channel.name() + "\" is full now");
        } else {
            writeLater(tag, frame);
        }
    }

    /** Whether there is room now; null where the channel is on another machine, and only a send can tell. */
    private @Nullable SendResult trySend(Frame frame) {
        try {
            return sender().trySend(frame);
        } catch (IllegalStateException elsewhere) {
            return null;
        }
    }

    private Sender<Frame> sender() {
        return session.leases().sender(channel);
    }

    private void writeLater(int tag, Frame frame) {
        session.requireBuffer(frame.size());
        waitingWrites++;
        WaitingWrite write = new WaitingWrite(session, tag, frame.size(), () -> waitingWrites--);
        write.begin(Afresh.mono(again(() -> sender().send(frame))));
        session.waits(write);
    }

    @Override
    public void close() {
        if (reader != null) {
            reader.close();
        }
    }
}
