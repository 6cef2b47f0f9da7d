package dev.sluice.rsocket.session;

import org.jspecify.annotations.Nullable;

/** Words of others, fit for a line of a log: a stranger's text must not look like a line of its own, nor fill the disk. */
public final class LogLine {

    private static final int LONGEST = 300;

    private LogLine() {}

    /** What an error says of itself. */
    public static String of(@Nullable Throwable error) {
        if (error == null) {
            return "the other side ended it";
        }
        String message = error.getMessage();
        return message == null ? error.getClass().getSimpleName() : of(message);
    }

    /**
     * The text with its control characters replaced, and cut when it is long.
     *
     * @param text what somebody else has said
     */
    public static String of(String text) {
        StringBuilder line = new StringBuilder(Math.min(text.length(), LONGEST + 1));
        for (int i = 0; i < text.length() && i < LONGEST; i++) {
            char c = text.charAt(i);
            line.append(isUnfit(c) ? '?' : c);
        }
        return text.length() > LONGEST ? line.append('…').toString() : line.toString();
    }

    /** Line breaks of all kinds, and what turns the direction of writing. */
    private static boolean isUnfit(char c) {
        int type = Character.getType(c);
        return type == Character.CONTROL
                || type == Character.FORMAT
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR;
    }
}
