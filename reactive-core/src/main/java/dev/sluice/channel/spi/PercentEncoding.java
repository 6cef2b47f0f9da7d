package dev.sluice.channel.spi;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * The percent encoding of URLs (RFC 3986, 2.1) over UTF-8, for engines and routes that have names in their text.
 *
 * <p>Stricter than {@link java.net.URLDecoder}, which is for forms: a plus is a plus, and bytes that are not UTF-8 are an error.
 */
public final class PercentEncoding {

    private PercentEncoding() {}

    /**
     * What a text with percent signs stands for.
     *
     * @throws IllegalArgumentException when a percent sign is not followed by two hexadecimal digits, or the bytes are not UTF-8; the message
     *     begins with a verb, as of something that was named before it
     */
    public static String decode(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        byte[] raw = text.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(raw.length);
        for (int i = 0; i < raw.length; i++) {
            if (raw[i] != '%') {
                bytes.write(raw[i]);
                continue;
            }
            int high = i + 1 < raw.length ? Character.digit(raw[i + 1], 16) : -1;
            int low = i + 2 < raw.length ? Character.digit(raw[i + 2], 16) : -1;
            if (high < 0 || low < 0) {
                throw new IllegalArgumentException(
                        "has a % that two hexadecimal digits do not follow: write %25 for a percent sign");
            }
            bytes.write(high << 4 | low);
            i += 2;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
        } catch (CharacterCodingException malformed) {
            throw new IllegalArgumentException("has percent-encoded bytes that are not UTF-8", malformed);
        }
    }
}
