package dev.sluice.ninep.session;

/** A Tread that waits for a frame. */
final class WaitingRead extends Pending {

    final int count;
    private final FrameReader reader;

    /** Flushed while bytes of its file were on their way: it may still be answered. */
    boolean isLeaving;

    WaitingRead(Session session, int tag, int count, FrameReader reader) {
        super(session, tag);
        this.count = count;
        this.reader = reader;
    }

    @Override
    void flush() {
        reader.flush(this);
    }

    /** The reader itself is closed when its connection is over. */
    @Override
    void abandon() {
        forget();
    }
}
