package dev.sluice.rsocket.channel;

import dev.sluice.Frame;
import dev.sluice.ProtocolViolationException;
import java.nio.ByteBuffer;

/** An element on its way from a channel: a number, as varint, and its bytes. */
record Elements(long number, Frame value) {

    /** The wire form. */
    static Frame encode(long number, Frame value) {
        int prefix = 1;
        for (long rest = number >>> 7; rest != 0; rest >>>= 7) {
            prefix++;
        }
        byte[] bytes = new byte[prefix + value.size()];
        long rest = number;
        for (int i = 0; i < prefix; i++) {
            bytes[i] = (byte) (i == prefix - 1 ? rest : (rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        value.copyTo(bytes, prefix);
        return Frame.wrap(bytes);
    }

    /** What the wire form means. */
    static Elements decode(Frame wire) {
        long number = 0;
        int shift = 0;
        for (int i = 0; i < wire.size() && shift < 63; i++) {
            byte read = wire.byteAt(i);
            number |= (long) (read & 0x7F) << shift;
            shift += 7;
            if (read >= 0) {
                ByteBuffer rest = wire.asByteBuffer().position(i + 1);
                return new Elements(number, Frame.of(rest));
            }
        }
        throw new ProtocolViolationException("an element without its number");
    }
}
