package dev.sluice.hub.cli.bench;

import dev.sluice.Frame;
import java.nio.ByteBuffer;

/**
 * Frames with numbers, made once and sent round after round, so that sending allocates none: of frames that come in the order in which they were sent, a
 * number that does not follow the one before tells that one was lost, or came twice.
 */
final class Numbering {

    /** The shortest frame with a number. */
    static final int LEAST_SIZE = Integer.BYTES;

    private static final int MOST = 1_021;
    private static final int LEAST = 3;
    private static final long MEMORY = 16L << 20;

    private final Frame[] frames;

    Numbering(int size) {
        frames = new Frame[(int) Math.max(LEAST, Math.min(MOST, MEMORY / size))];
        for (int number = 0; number < frames.length; number++) {
            byte[] bytes = new byte[size];
            ByteBuffer.wrap(bytes).putInt(number);
            frames[number] = Frame.wrap(bytes);
        }
    }

    /** The frame that is sent at a place, from 0. */
    Frame at(long place) {
        return frames[(int) (place % frames.length)];
    }

    /** Whether this is the frame of a place. */
    boolean isAt(long place, Frame frame) {
        return number(frame) == place % frames.length;
    }

    /** The place behind that of a frame that came, nearest to where it was expected. */
    long after(long expected, Frame frame) {
        int number = number(frame);
        if (number < 0 || number >= frames.length) {
            return expected + 1;
        }
        long ahead = Math.floorMod(number - expected, (long) frames.length);
        return expected + (ahead > frames.length / 2 ? ahead - frames.length : ahead) + 1;
    }

    private static int number(Frame frame) {
        return frame.size() < LEAST_SIZE
                ? -1
                : (frame.byteAt(0) & 0xff) << 24
                        | (frame.byteAt(1) & 0xff) << 16
                        | (frame.byteAt(2) & 0xff) << 8
                        | (frame.byteAt(3) & 0xff);
    }
}
