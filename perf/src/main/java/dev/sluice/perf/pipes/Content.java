package dev.sluice.perf.pipes;

import java.util.Arrays;

/** What frames consist of: the same byte, so that who gets one can tell whether it is whole. */
final class Content {
    private static final byte BYTE = 'S';

    private Content() {}

    static byte[] of(int bytes) {
        byte[] content = new byte[bytes];
        Arrays.fill(content, BYTE);
        return content;
    }

    static boolean isWhole(int bytes, int size, byte first, byte last) {
        return size == bytes && first == BYTE && last == BYTE;
    }
}
