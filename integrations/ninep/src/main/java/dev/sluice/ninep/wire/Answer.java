package dev.sluice.ninep.wire;

import dev.sluice.Frame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;

/** An answer being written: fields in order, the size when it is complete. Not thread safe. */
public final class Answer {

    /** Bytes of an Rread or Rreaddir before the data. */
    public static final int DATA_HEADER = 11;

    private static final int USUAL_BYTES = 64;

    private final ByteBuf bytes;

    private Answer(ByteBuf bytes) {
        this.bytes = bytes;
    }

    /** An answer to a request of this type. */
    public static Answer to(int type, int tag, ByteBufAllocator alloc) {
        return begin(type + 1, tag, alloc, USUAL_BYTES);
    }

    private static Answer begin(int type, int tag, ByteBufAllocator alloc, int expected) {
        ByteBuf bytes = alloc.ioBuffer(expected);
        bytes.writeIntLE(0).writeByte(type).writeShortLE(tag);
        return new Answer(bytes);
    }

    /** An answer without fields. */
    public static ByteBuf empty(int type, int tag, ByteBufAllocator alloc) {
        return to(type, tag, alloc).done();
    }

    /** A refusal, as the dialect tells it. */
    public static ByteBuf refusal(Refusal refusal, int tag, Dialect dialect, ByteBufAllocator alloc) {
        Errno errno = refusal.errno();
        if (dialect == Dialect.LINUX) {
            return begin(Type.RLERROR, tag, alloc, USUAL_BYTES)
                    .i32(errno.number())
                    .done();
        }
        Answer answer = begin(Type.RERROR, tag, alloc, USUAL_BYTES).text(errno.text());
        if (dialect == Dialect.UNIX) {
            answer.i32(errno.number());
        }
        return answer.done();
    }

    /** Bytes of a frame, as an Rread. */
    public static ByteBuf data(int tag, Frame frame, int offset, int length, ByteBufAllocator alloc) {
        Answer answer = begin(Type.TREAD + 1, tag, alloc, DATA_HEADER + length).i32(length);
        ByteBuf bytes = answer.bytes;
        bytes.ensureWritable(length);
        frame.copyTo(offset, length, bytes.nioBuffer(bytes.writerIndex(), length));
        bytes.writerIndex(bytes.writerIndex() + length);
        return answer.done();
    }

    /** One byte. */
    public Answer u8(int value) {
        bytes.writeByte(value);
        return this;
    }

    /** Two bytes. */
    public Answer u16(int value) {
        bytes.writeShortLE(value);
        return this;
    }

    /** Four bytes. */
    public Answer i32(int value) {
        bytes.writeIntLE(value);
        return this;
    }

    /** Eight bytes. */
    public Answer i64(long value) {
        bytes.writeLongLE(value);
        return this;
    }

    /** A text. */
    public Answer text(String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        bytes.writeShortLE(utf8.length).writeBytes(utf8);
        return this;
    }

    /** A qid. */
    public Answer qid(Qid qid) {
        bytes.writeByte(qid.isDirectory() ? 0x80 : 0).writeIntLE(0).writeLongLE(qid.path());
        return this;
    }

    /** Bytes as they are. */
    public Answer raw(byte[] value, int offset, int length) {
        bytes.writeBytes(value, offset, length);
        return this;
    }

    /** Where the next field begins, for {@link #lengthAt}. */
    public int position() {
        return bytes.writerIndex();
    }

    /** Writes, into two bytes kept free, how many bytes came after them. */
    public Answer lengthAt(int position) {
        bytes.setShortLE(position, bytes.writerIndex() - position - Short.BYTES);
        return this;
    }

    /** Writes, into four bytes kept free, how many bytes came after them. */
    public Answer countAt(int position) {
        bytes.setIntLE(position, bytes.writerIndex() - position - Integer.BYTES);
        return this;
    }

    /** Takes back what was written from a position on. */
    public Answer truncate(int position) {
        bytes.writerIndex(position);
        return this;
    }

    /** Gives the answer up. */
    public void release() {
        bytes.release();
    }

    /** The complete answer, the caller's to send or release. */
    public ByteBuf done() {
        return bytes.setIntLE(0, bytes.readableBytes());
    }
}
