package dev.sluice.channel.contract;

import dev.sluice.Codec;
import dev.sluice.Frame;
import java.nio.ByteBuffer;

/** Integers as frames of four bytes, the highest first: how engines of frames pass a contract about integers. */
public enum Ints implements Codec<Frame, Integer> {
    /** The codec. */
    CODEC;

    @Override
    public Frame encode(Integer value) {
        return Frame.wrap(ByteBuffer.allocate(4).putInt(value).array());
    }

    @Override
    public Integer decode(Frame wire) {
        return wire.asByteBuffer().getInt();
    }
}
