package dev.sluice;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The unit of the wire: a run of bytes on the heap that never changes.
 *
 * <p>Immutable and thread safe, so a frame is shared between receivers, kept for replay and sent to many peers without
 * a copy and without a reference count. The longest frame is what a Java array holds; transports have lower limits of
 * their own.
 *
 * <p>Two frames are equal when their bytes are.
 */
public final class Frame {

    /** The frame of no bytes. */
    public static final Frame EMPTY = new Frame(new byte[0]);

    /** How many bytes {@link #toString()} shows at most. */
    private static final int SHOWN_BYTES = 16;

    private final byte[] bytes;

    /** Zero until asked for; writing it twice is harmless because every thread computes the same value. */
    private int hash;

    private Frame(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * A frame with a copy of the bytes.
     *
     * @param bytes copied; may be changed afterwards
     * @return the frame
     */
    public static Frame of(byte[] bytes) {
        return of(bytes, 0, bytes.length);
    }

    /**
     * A frame with a copy of some of the bytes.
     *
     * @param bytes copied from; may be changed afterwards
     * @param offset index of the first byte
     * @param length how many bytes
     * @return the frame
     * @throws IndexOutOfBoundsException when the range is not inside the array
     */
    public static Frame of(byte[] bytes, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        return length == 0 ? EMPTY : new Frame(Arrays.copyOfRange(bytes, offset, offset + length));
    }

    /**
     * A frame with a copy of what remains in the buffer.
     *
     * @param buffer read from its position to its limit; neither is moved
     * @return the frame
     */
    public static Frame of(ByteBuffer buffer) {
        if (!buffer.hasRemaining()) {
            return EMPTY;
        }
        byte[] copy = new byte[buffer.remaining()];
        buffer.get(buffer.position(), copy);
        return new Frame(copy);
    }

    /**
     * A frame over the array itself, without a copy.
     *
     * <p>The array's ownership passes to the frame: the caller must neither write to it nor hand it to anybody who
     * might. A later write would change a frame that others believe immutable, and its {@link #hashCode()} would be
     * wrong. Use {@link #of(byte[])} unless the array was made for this frame.
     *
     * @param bytes owned by the frame from now on
     * @return the frame
     */
    public static Frame wrap(byte[] bytes) {
        return bytes.length == 0 ? EMPTY : new Frame(bytes);
    }

    /**
     * A frame with the text's UTF-8 bytes.
     *
     * @param text the text
     * @return the frame
     * @throws CodecException when the text has half of a surrogate pair, which no UTF-8 can express
     */
    public static Frame text(String text) {
        return text.isEmpty() ? EMPTY : new Frame(Utf8.encode(text));
    }

    /**
     * How many bytes there are.
     *
     * @return the number of bytes, 0 or more
     */
    public int size() {
        return bytes.length;
    }

    /**
     * Whether there are no bytes.
     *
     * @return true for a frame of size 0
     */
    public boolean isEmpty() {
        return bytes.length == 0;
    }

    /**
     * One byte.
     *
     * @param index from 0 to {@code size() - 1}
     * @return the byte at that index
     * @throws IndexOutOfBoundsException when there is no such index
     */
    public byte byteAt(int index) {
        return bytes[Objects.checkIndex(index, bytes.length)];
    }

    /**
     * The bytes as text.
     *
     * @return the text
     * @throws CodecException when the bytes are not UTF-8; nothing is replaced in silence
     */
    public String asText() {
        return Utf8.decode(bytes, this);
    }

    /**
     * The bytes as a buffer, without a copy.
     *
     * @return a new read-only buffer from the first to the last byte
     */
    public ByteBuffer asByteBuffer() {
        return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
    }

    /**
     * The bytes as an array.
     *
     * @return a copy, the caller's to change
     */
    public byte[] toByteArray() {
        return bytes.clone();
    }

    /**
     * Copies all bytes into an array.
     *
     * @param target written to
     * @param offset index of the first byte written
     * @throws IndexOutOfBoundsException when the target has too little room; nothing is written then
     */
    public void copyTo(byte[] target, int offset) {
        Objects.checkFromIndexSize(offset, bytes.length, target.length);
        System.arraycopy(bytes, 0, target, offset, bytes.length);
    }

    /**
     * Copies some bytes into a buffer.
     *
     * @param offset index of the first byte copied
     * @param length how many
     * @param target written to from its position on, which moves
     * @throws IndexOutOfBoundsException when the range is not inside the frame
     * @throws java.nio.BufferOverflowException when the target has too little room; nothing is written then
     */
    public void copyTo(int offset, int length, ByteBuffer target) {
        target.put(bytes, offset, length);
    }

    /**
     * Writes all bytes to a stream, without a copy: a stream must not change what it is given.
     *
     * @param target written to, and not flushed
     * @throws IOException what the stream throws
     */
    public void writeTo(OutputStream target) throws IOException {
        target.write(bytes, 0, bytes.length);
    }

    /** Only for codecs of this package, which read and never write. */
    byte[] sharedBytes() {
        return bytes;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Frame frame && Arrays.equals(bytes, frame.bytes);
    }

    @Override
    public int hashCode() {
        int known = hash;
        if (known == 0 && bytes.length > 0) {
            known = Arrays.hashCode(bytes);
            hash = known;
        }
        return known;
    }

    /**
     * The size and the first few bytes, safe for a log line: at most 16 bytes are shown, and what is not printable
     * ASCII is shown as a dot.
     */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(32).append("Frame(").append(bytes.length);
        if (bytes.length > 0) {
            text.append(": ");
        }
        int shown = Math.min(SHOWN_BYTES, bytes.length);
        for (int i = 0; i < shown; i++) {
            byte b = bytes[i];
            text.append(b >= ' ' && b <= '~' ? (char) b : '.');
        }
        if (shown < bytes.length) {
            text.append('…');
        }
        return text.append(')').toString();
    }
}
