package dev.sluice.channel;

import dev.sluice.InvalidNameException;
import java.util.Objects;

/**
 * The rules for the names of channels: slash-separated paths that are also legal file names on every tree they may be
 * mounted in.
 *
 * <ul>
 *   <li>not empty, at most {@value #MAX_BYTES} bytes of UTF-8;
 *   <li>segments between slashes: none empty, so no slash at either end; at most {@value #MAX_SEGMENT_BYTES} bytes each;
 *       none is {@code .}, {@code ..} or {@code *} (which stands for "everything below" in a {@link NamePrefix});
 *   <li>no control character, no line separator, no half of a surrogate pair.
 * </ul>
 *
 * <p>Everything else is allowed, and names are equal when their characters are: nothing is trimmed, folded or
 * normalized.
 */
public final class ChannelName {

    /** The most bytes of UTF-8 a name has: {@value}. */
    public static final int MAX_BYTES = 1024;

    /** The most bytes of UTF-8 a segment has: {@value}, the limit of file systems. */
    public static final int MAX_SEGMENT_BYTES = 255;

    /** How many characters of a refused name a message shows. */
    private static final int SHOWN = 60;

    private ChannelName() {}

    /**
     * Checks a name.
     *
     * @param name the name
     * @return the same name
     * @throws InvalidNameException when it breaks a rule; the message says which, where, and what to do
     */
    public static String require(String name) {
        Objects.requireNonNull(name, "name");
        requirePath(name, name, "channel name");
        return name;
    }

    /**
     * Checks a path that is part of {@code whole}.
     *
     * @param what what the whole is, for messages
     */
    static void requirePath(String path, String whole, String what) {
        if (path.isEmpty()) {
            throw invalid(what, whole, "is empty", "give it at least one character");
        }
        int bytes = 0;
        int start = 0;
        int startBytes = 0;
        int length = path.length();
        for (int i = 0; i < length; i++) {
            char c = path.charAt(i);
            if (c == '/') {
                requireSegment(path, start, i, bytes - startBytes, whole, what);
                bytes++;
                start = i + 1;
                startBytes = bytes;
            } else if (Character.isHighSurrogate(c) && i + 1 < length && Character.isLowSurrogate(path.charAt(i + 1))) {
                bytes += 4;
                i++;
            } else {
                requireCharacter(c, i, whole, what);
                bytes += c < 0x80 ? 1 : c < 0x800 ? 2 : 3;
            }
        }
        requireSegment(path, start, length, bytes - startBytes, whole, what);
        if (bytes > MAX_BYTES) {
            throw invalid(
                    what,
                    whole,
                    "has " + bytes + " bytes of UTF-8",
                    "names have at most " + MAX_BYTES + ", shorten it");
        }
    }

    private static void requireSegment(String path, int from, int to, int bytes, String whole, String what) {
        if (from == to) {
            String where = from == 0
                    ? "begins with a slash"
                    : to == path.length() ? "ends with a slash" : "has an empty segment at character " + (from + 1);
            throw invalid(what, whole, where, "write one slash between segments and none at the ends");
        }
        if (bytes > MAX_SEGMENT_BYTES) {
            throw invalid(
                    what,
                    whole,
                    "has a segment of " + bytes + " bytes of UTF-8, \"" + escape(path.substring(from, to)) + "\"",
                    "segments have at most " + MAX_SEGMENT_BYTES + ", shorten it or divide it with a slash");
        }
        String segment = to - from <= 2 ? path.substring(from, to) : "";
        if (segment.equals(".") || segment.equals("..")) {
            throw invalid(
                    what, whole, "has the segment \"" + segment + "\"", "paths are absolute, write the full path");
        }
        if (segment.equals("*")) {
            throw invalid(
                    what,
                    whole,
                    "has the segment \"*\"",
                    "it means \"everything below\" in a prefix, use another name");
        }
    }

    private static void requireCharacter(char c, int index, String whole, String what) {
        if (Character.isISOControl(c) || c == '\u2028' || c == '\u2029') {
            throw invalid(
                    what, whole, "has the control character " + hex(c) + " at character " + (index + 1), "remove it");
        }
        if (Character.isSurrogate(c)) {
            throw invalid(
                    what,
                    whole,
                    "has " + hex(c) + ", half of a surrogate pair, at character " + (index + 1),
                    "remove it, or write the pair in full: UTF-8 cannot express a half");
        }
    }

    private static InvalidNameException invalid(String what, String whole, String rule, String remedy) {
        return new InvalidNameException(what + " \"" + escape(whole) + "\" " + rule + ": " + remedy);
    }

    /** Text from outside as it may stand in a message: on one line, printable, and not endless. */
    static String escape(String text) {
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            if (i == SHOWN) {
                return shown.append("… (")
                        .append(text.length())
                        .append(" characters)")
                        .toString();
            }
            char c = text.charAt(i);
            boolean pair = Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1));
            if (pair && i + 1 < SHOWN) {
                shown.append(c).append(text.charAt(++i));
            } else if (Character.isISOControl(c) || Character.isSurrogate(c) || c == '\u2028' || c == '\u2029') {
                shown.append(hex(c));
            } else {
                shown.append(c);
            }
        }
        return shown.toString();
    }

    private static String hex(char c) {
        return String.format("\\u%04x", (int) c);
    }
}
