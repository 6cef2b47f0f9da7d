package dev.sluice.rsocket.wire;

import dev.sluice.ProtocolViolationException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;

/**
 * Batches as they travel: plain, or one LZ4 block where that is shorter.
 *
 * <p>Has no state: one serves any number of sessions and threads.
 */
public final class BatchCodec {

    /** A batch shorter than this is sent as it is: the block would save less than it costs. */
    static final int WORTH_COMPRESSING = 128;

    /** No byte of an LZ4 block stands for more bytes than this. */
    private static final int MOST_PER_BYTE = 255;

    private static final int RECORD_BYTES = Wire.BATCH_BYTES - 1;
    private static final LZ4Compressor COMPRESSOR;
    private static final LZ4SafeDecompressor DECOMPRESSOR;

    static {
        // Pure Java with every index checked: a hostile block must not reach native code or Unsafe, and unpacking a
        // native library would block the event thread that happens to be first here.
        LZ4Factory factory = LZ4Factory.safeInstance();
        COMPRESSOR = factory.fastCompressor();
        DECOMPRESSOR = factory.safeDecompressor();
    }

    private BatchCodec() {}

    /**
     * Compresses a batch if that makes it shorter.
     *
     * @param plain a finished batch, its first byte {@link Wire#PLAIN} included; its reference passes to this method
     * @param allocator of the compressed batch
     * @return the compressed batch, or {@code plain} itself; the caller's to release
     */
    public static ByteBuf encode(ByteBuf plain, ByteBufAllocator allocator) {
        int length = plain.readableBytes() - 1;
        if (length + 1 < WORTH_COMPRESSING) {
            return plain;
        }
        ByteBuf block = null;
        ByteBuf unused = plain;
        try {
            int header = 1 + RecordWriter.sizeOf(length);
            int room = COMPRESSOR.maxCompressedLength(length);
            block = allocator.buffer(header + room);
            block.writeByte(Wire.LZ4);
            RecordWriter.varint(block, length);
            int written = COMPRESSOR.compress(
                    plain.nioBuffer(plain.readerIndex() + 1, length),
                    0,
                    length,
                    block.nioBuffer(header, room),
                    0,
                    room);
            block.writerIndex(header + written);
            boolean shorter = block.readableBytes() < plain.readableBytes();
            unused = shorter ? plain : block;
            return shorter ? block : plain;
        } catch (Throwable failure) {
            if (block != null) {
                block.release();
            }
            throw failure;
        } finally {
            unused.release();
        }
    }

    /**
     * The records of a batch.
     *
     * <p>All that a batch says of its length is checked before anything is allocated, and no more than 60 KiB ever is.
     *
     * @param batch a batch as it came; its reference passes to this method
     * @param lz4 whether both sides have said that they know {@link Wire#FEATURE_LZ4}
     * @param allocator of the expanded records
     * @return the records without a first byte, for {@link RecordReader#read}: {@code batch} itself or a new buffer; the
     *     caller's to release
     * @throws ProtocolViolationException when the batch is malformed, too long, or compressed though that was not agreed;
     *     it has been released
     */
    public static ByteBuf decode(ByteBuf batch, boolean lz4, ByteBufAllocator allocator) {
        ByteBuf unused = batch;
        try {
            if (!batch.isReadable() || batch.readableBytes() > Wire.BATCH_BYTES) {
                throw new ProtocolViolationException("a batch of " + batch.readableBytes()
                        + " bytes, it has at least 1 and at most " + Wire.BATCH_BYTES);
            }
            int form = batch.readUnsignedByte();
            if (form == Wire.PLAIN) {
                unused = null;
                return batch;
            }
            if (form != Wire.LZ4) {
                throw new ProtocolViolationException("unknown form of a batch: " + form);
            }
            if (!lz4) {
                throw new ProtocolViolationException("a compressed batch, which was not agreed");
            }
            return expand(batch, allocator);
        } finally {
            if (unused != null) {
                unused.release();
            }
        }
    }

    private static ByteBuf expand(ByteBuf batch, ByteBufAllocator allocator) {
        long announced = RecordReader.varint(batch);
        if (announced > RECORD_BYTES) {
            throw new ProtocolViolationException(
                    "a batch that expands to " + announced + " bytes, at most " + RECORD_BYTES + " are allowed");
        }
        int length = (int) announced;
        int compressed = batch.readableBytes();
        if (length > compressed * MOST_PER_BYTE) {
            throw new ProtocolViolationException(
                    "a block of " + compressed + " bytes, which cannot expand to " + length + " bytes");
        }
        ByteBuf records = allocator.buffer(length, length);
        boolean complete = false;
        try {
            int written = DECOMPRESSOR.decompress(
                    batch.nioBuffer(batch.readerIndex(), compressed),
                    0,
                    compressed,
                    records.nioBuffer(0, length),
                    0,
                    length);
            if (written != length) {
                throw new ProtocolViolationException(
                        "a batch that expands to " + written + " bytes instead of " + length);
            }
            records.writerIndex(length);
            complete = true;
            return records;
        } catch (LZ4Exception | IndexOutOfBoundsException malformed) {
            throw new ProtocolViolationException("a batch that is no LZ4 block");
        } finally {
            if (!complete) {
                records.release();
            }
        }
    }
}
