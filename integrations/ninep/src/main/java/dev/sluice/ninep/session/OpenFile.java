package dev.sluice.ninep.session;

import dev.sluice.ninep.wire.Answer;
import dev.sluice.ninep.wire.Errno;
import dev.sluice.ninep.wire.Refusal;
import dev.sluice.ninep.wire.Type;
import io.netty.buffer.ByteBuf;

/** What a fid has been opened for. Used on its connection's event loop only; each request is answered at once or later. */
interface OpenFile {

    /** A Tread. */
    void read(int tag, long offset, int count);

    /** A Twrite. */
    default void write(int tag, byte[] data) {
        throw new Refusal(Errno.EBADF, "the file is not open for writing");
    }

    /** The fid is clunked, or the connection over. */
    void close();

    /** The answer to a write of which everything was taken. */
    static ByteBuf written(Session session, int tag, int bytes) {
        return Answer.to(Type.TWRITE, tag, session.alloc()).i32(bytes).done();
    }

    /** Refuses a read of what is open for writing only. */
    static Refusal notForReading() {
        return new Refusal(Errno.EBADF, "the file is not open for reading");
    }
}
