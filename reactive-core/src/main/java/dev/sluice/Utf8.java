package dev.sluice;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * UTF-8 that refuses what it cannot express, at the speed of the JDK's own conversions.
 *
 * <p>The JDK's fast paths replace malformed input in silence. Decoding takes the fast path and looks again only where
 * the result could hide a replacement; encoding looks first, which costs one pass over the characters.
 */
final class Utf8 {

    private static final char REPLACEMENT = '\uFFFD';

    private Utf8() {}

    static byte[] encode(String text) {
        int lone = loneSurrogate(text);
        if (lone >= 0) {
            throw new CodecException("Codec text: a String of " + text.length()
                    + " characters has half of a surrogate pair at index " + lone + ", which UTF-8 cannot express");
        }
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String decode(byte[] bytes, Frame frame) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (text.indexOf(REPLACEMENT) >= 0) {
            refuseMalformed(bytes, frame);
        }
        return text;
    }

    private static void refuseMalformed(byte[] bytes, Frame frame) {
        try {
            // A new decoder reports malformed input; a genuine U+FFFD in the input passes.
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
        } catch (CharacterCodingException malformed) {
            throw new CodecException(
                    "Codec text: " + frame + " of " + bytes.length + " bytes is not UTF-8, so it is no String",
                    malformed);
        }
    }

    private static int loneSurrogate(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isSurrogate(c)) {
                if (Character.isLowSurrogate(c)
                        || i + 1 == text.length()
                        || !Character.isLowSurrogate(text.charAt(i + 1))) {
                    return i;
                }
                i++;
            }
        }
        return -1;
    }
}
