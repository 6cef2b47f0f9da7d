package dev.sluice.rsocket.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.ProtocolViolationException;
import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledDirectByteBuf;
import io.netty.buffer.UnpooledHeapByteBuf;
import java.util.ArrayList;
import java.util.List;

/** Hands a batch in as a session does, and watches over what the code does with it. */
final class Batches {

    private static final byte FENCE = 0x0A;

    private Batches() {}

    /**
     * Decodes and reads a batch that has foreign bytes on both sides, and checks that none of them was read, that
     * nothing is held afterwards and that no buffer was longer than a batch.
     *
     * @throws ProtocolViolationException when the batch is refused
     */
    static void read(byte[] batch, boolean lz4, RecordHandler handler) {
        Watching allocator = new Watching();
        ByteBuf backing = Unpooled.directBuffer(batch.length + 128);
        for (int i = 0; i < 64; i++) {
            backing.writeByte(FENCE);
        }
        backing.writeBytes(batch);
        for (int i = 0; i < 64; i++) {
            backing.writeByte(FENCE);
        }
        ByteBuf view = backing.retainedDuplicate().setIndex(64, 64 + batch.length);
        try {
            ByteBuf records = BatchCodec.decode(view, lz4, allocator);
            try {
                RecordReader.read(records, handler);
                assertThat(records.readableBytes()).as("bytes left over").isZero();
            } finally {
                records.release();
            }
        } finally {
            assertThat(view.refCnt()).as("holds on the batch").isEqualTo(1);
            assertThat(backing.release()).as("the batch is let go").isTrue();
            allocator.made.forEach(
                    made -> assertThat(made.refCnt()).as("holds on %s", made).isZero());
        }
    }

    /** Whether a batch is well formed; throws what is neither records nor a refusal. */
    static boolean isRead(byte[] batch, boolean lz4) {
        try {
            read(batch, lz4, new Recorder());
            return true;
        } catch (ProtocolViolationException refused) {
            return false;
        }
    }

    /** Notes what it gives away, and gives away nothing that is longer than a batch. */
    static final class Watching extends AbstractByteBufAllocator {
        final List<ByteBuf> made = new ArrayList<>();

        @Override
        protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
            return noted(new UnpooledDirectByteBuf(this, initialCapacity, maxCapacity));
        }

        @Override
        protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
            return noted(new UnpooledHeapByteBuf(this, initialCapacity, maxCapacity));
        }

        @Override
        public boolean isDirectBufferPooled() {
            return false;
        }

        private ByteBuf noted(ByteBuf buffer) {
            made.add(buffer);
            // As a pooled buffer is: full of what somebody else had in it.
            for (int i = 0; i < buffer.capacity(); i++) {
                buffer.setByte(i, 0xAA);
            }
            assertThat(buffer.capacity()).as("bytes of a buffer").isLessThan(Wire.BATCH_BYTES);
            return buffer;
        }
    }
}
