package dev.sluice.ninep.session;

import dev.sluice.Frame;
import dev.sluice.channel.Channel;
import dev.sluice.channel.SendResult;
import dev.sluice.channel.Sender;
import dev.sluice.ninep.tree.Node;
import dev.sluice.ninep.wire.Errno;
import dev.sluice.ninep.wire.Refusal;
import org.jspecify.annotations.Nullable;

/** A channel opened as a file: a read receives, and a write is a frame. Offsets mean nothing. */
final class OpenChannel implements OpenFile {

    private final Session session;
    private final Channel<Frame> channel;
    private final Mode mode;
    private final @Nullable FrameReader reader;

    /** Writes that wait: later ones stay behind them. */
    private int waitingWrites;

    OpenChannel(Session session, Channel<Frame> channel, Node.Reader how, Mode mode) {
        this.session = session;
        this.channel = channel;
        this.mode = mode;
        this.reader = mode.reads() ? reader(session, channel, how, mode) : null;
    }

    private static FrameReader reader(Session session, Channel<Frame> channel, Node.Reader how, Mode mode) {
        if (how instanceof Node.Listener listener) {
            FrameReader reader =
                    new FrameReader(session, channel.listen(listener.from(), listener.options()), false, mode.waits());
            // What is sent from now on is for it, whether or not it has been read from yet.
            reader.join();
            return reader;
        }
        String group = ((Node.Group) how).group();
        return new FrameReader(session, channel.receiveAcked(group, session.mostWaiting()), true, mode.waits());
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
        Sender<Frame> sender = session.leases().sender(channel);
        Frame frame = Frame.wrap(data);
        SendResult result = waitingWrites > 0 ? SendResult.FULL : sender.trySend(frame);
        switch (result) {
            case ACCEPTED -> session.out().send(OpenFile.written(session, tag, data.length));
            case CLOSED -> throw new Refusal(Errno.EPIPE, "the channel \"" + channel.name() + "\" is closed");
            case FULL -> writeLater(sender, tag, frame);
        }
    }

    private void writeLater(Sender<Frame> sender, int tag, Frame frame) {
        if (!mode.waits()) {
            throw new Refusal(Errno.EAGAIN, "the channel \"" + channel.name() + "\" is full now");
        }
        session.requireBuffer(frame.size());
        waitingWrites++;
        WaitingWrite write = new WaitingWrite(session, tag, frame.size(), () -> waitingWrites--);
        write.begin(sender.send(frame));
        session.waits(write);
    }

    @Override
    public void close() {
        if (reader != null) {
            reader.close();
        }
    }
}
