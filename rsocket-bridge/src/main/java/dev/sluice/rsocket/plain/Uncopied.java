package dev.sluice.rsocket.plain;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;

/**
 * An allocator whose composite buffers keep their parts as they are. Netty's copy them into one buffer at every seventeenth, which would free the parts and take memory that
 * {@link Fragments} knows nothing of, and copies a long payload of short fragments thousands of times.
 *
 * <p>Netty's search for leaks does not see those of unstated length: RSocket loses one for each fragment of a second request on the id of one that is open, and a stranger could
 * fill the log with that. What is in them is counted, and on the heap.
 */
final class Uncopied implements ByteBufAllocator {

    private final ByteBufAllocator from;

    Uncopied(ByteBufAllocator from) {
        this.from = from;
    }

    @Override
    public CompositeByteBuf compositeBuffer() {
        return new CompositeByteBuf(from, true, Integer.MAX_VALUE);
    }

    @Override
    public CompositeByteBuf compositeBuffer(int maxNumComponents) {
        return from.compositeBuffer(maxNumComponents);
    }

    @Override
    public CompositeByteBuf compositeHeapBuffer() {
        return new CompositeByteBuf(from, false, Integer.MAX_VALUE);
    }

    @Override
    public CompositeByteBuf compositeHeapBuffer(int maxNumComponents) {
        return from.compositeHeapBuffer(maxNumComponents);
    }

    @Override
    public CompositeByteBuf compositeDirectBuffer() {
        return new CompositeByteBuf(from, true, Integer.MAX_VALUE);
    }

    @Override
    public CompositeByteBuf compositeDirectBuffer(int maxNumComponents) {
        return from.compositeDirectBuffer(maxNumComponents);
    }

    @Override
    public ByteBuf buffer() {
        return from.buffer();
    }

    @Override
    public ByteBuf buffer(int initialCapacity) {
        return from.buffer(initialCapacity);
    }

    @Override
    public ByteBuf buffer(int initialCapacity, int maxCapacity) {
        return from.buffer(initialCapacity, maxCapacity);
    }

    @Override
    public ByteBuf ioBuffer() {
        return from.ioBuffer();
    }

    @Override
    public ByteBuf ioBuffer(int initialCapacity) {
        return from.ioBuffer(initialCapacity);
    }

    @Override
    public ByteBuf ioBuffer(int initialCapacity, int maxCapacity) {
        return from.ioBuffer(initialCapacity, maxCapacity);
    }

    @Override
    public ByteBuf heapBuffer() {
        return from.heapBuffer();
    }

    @Override
    public ByteBuf heapBuffer(int initialCapacity) {
        return from.heapBuffer(initialCapacity);
    }

    @Override
    public ByteBuf heapBuffer(int initialCapacity, int maxCapacity) {
        return from.heapBuffer(initialCapacity, maxCapacity);
    }

    @Override
    public ByteBuf directBuffer() {
        return from.directBuffer();
    }

    @Override
    public ByteBuf directBuffer(int initialCapacity) {
        return from.directBuffer(initialCapacity);
    }

    @Override
    public ByteBuf directBuffer(int initialCapacity, int maxCapacity) {
        return from.directBuffer(initialCapacity, maxCapacity);
    }

    @Override
    public boolean isDirectBufferPooled() {
        return from.isDirectBufferPooled();
    }

    @Override
    public int calculateNewCapacity(int minNewCapacity, int maxCapacity) {
        return from.calculateNewCapacity(minNewCapacity, maxCapacity);
    }
}
