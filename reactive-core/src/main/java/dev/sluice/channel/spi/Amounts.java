package dev.sluice.channel.spi;

import dev.sluice.channel.Retention;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Times, sizes and retentions as people write them in URLs, files and on command lines: {@code 1m30s}, {@code 64MiB}, {@code
 * last=1000}. What one of the {@code text} methods writes, the reader of that kind reads again as the same amount.
 *
 * <p>The readers throw {@link IllegalArgumentException} with the text and the forms that are allowed; the constants are
 * these forms, for callers who make a message of their own.
 */
public final class Amounts {

    /** How a time may be written. */
    public static final String TIME_FORMS = "a time as 500ms, 30s, 1m30s, 10m, 2h or 7d";

    /** How a size may be written. */
    public static final String SIZE_FORMS =
            "a size as 4096, 64KiB, 1MiB or 5GB (KiB, MiB, GiB, TiB are powers of 1024;" + " kB, MB, GB, TB of 1000)";

    /** How a retention may be written. */
    public static final String RETENTION_FORMS = "none, all, last:COUNT as last:1000, bytes:SIZE as bytes:64MiB,"
            + " or for:TIME as for:10m, each also with = for the colon (units ms, s, m, h, d)";

    private static final Pattern SIZE = Pattern.compile("(\\d{1,18})(|B|[KMGT]I?B)");

    private static final Pattern TIME =
            Pattern.compile("(?:(\\d{1,9})d)?(?:(\\d{1,9})h)?(?:(\\d{1,9})m)?(?:(\\d{1,9})s)?(?:(\\d{1,9})ms)?");

    private static final Pattern SEPARATOR = Pattern.compile("[:=]");

    private static final long[] UNITS = {86_400_000, 3_600_000, 60_000, 1_000, 1};
    private static final String[] UNIT_NAMES = {"d", "h", "m", "s", "ms"};
    private static final String[] SIZE_NAMES = {"", "KiB", "MiB", "GiB", "TiB"};

    private Amounts() {}

    /**
     * Reads a time: counts with the units {@code d}, {@code h}, {@code m}, {@code s}, {@code ms}, larger ones first, or the form
     * of {@link Duration#parse}.
     *
     * @param text the time
     * @return zero or more
     */
    public static Duration time(String text) {
        Matcher time = TIME.matcher(text);
        if (!text.isEmpty() && time.matches()) {
            Duration sum = Duration.ZERO;
            for (int i = 0; i < UNITS.length; i++) {
                String count = time.group(i + 1);
                if (count != null) {
                    sum = sum.plus(Duration.ofMillis(UNITS[i] * Long.parseLong(count)));
                }
            }
            return sum;
        }
        try {
            Duration parsed = Duration.parse(text);
            if (!parsed.isNegative()) {
                return parsed;
            }
        } catch (DateTimeParseException notATime) {
            throw bad(TIME_FORMS, text, notATime);
        }
        throw bad(TIME_FORMS, text, null);
    }

    /**
     * Reads a size: a number of bytes, alone or with a unit in any case.
     *
     * @param text the size
     * @return bytes, zero or more
     */
    public static long size(String text) {
        Matcher size = SIZE.matcher(text.toUpperCase(Locale.ROOT));
        if (!size.matches()) {
            throw bad(SIZE_FORMS, text, null);
        }
        String unit = size.group(2);
        int power = unit.length() < 2 ? 0 : "KMGT".indexOf(unit.charAt(0)) + 1;
        long base = unit.length() == 3 ? 1024 : 1000;
        try {
            long bytes = Long.parseLong(size.group(1));
            for (int i = 0; i < power; i++) {
                bytes = Math.multiplyExact(bytes, base);
            }
            return bytes;
        } catch (ArithmeticException tooMuch) {
            throw bad(SIZE_FORMS, text, tooMuch);
        }
    }

    /**
     * Reads a retention: {@code none}, {@code all}, {@code last:1000}, {@code bytes:64MiB} or {@code for:10m}, the last three
     * also with an equals sign.
     *
     * @param text the retention
     * @return what is kept
     */
    public static Retention retention(String text) {
        String[] parts = SEPARATOR.split(text, 2);
        @Nullable String amount = parts.length == 2 ? parts[1] : null;
        try {
            Retention parsed = amount == null ? word(text) : amount(parts[0], amount);
            if (parsed != null) {
                return parsed;
            }
        } catch (IllegalArgumentException notAnAmount) {
            throw bad(RETENTION_FORMS, text, notAnAmount);
        }
        throw bad(RETENTION_FORMS, text, null);
    }

    private static @Nullable Retention word(String text) {
        return switch (text) {
            case "none" -> Retention.none();
            case "all" -> Retention.all();
            default -> null;
        };
    }

    private static @Nullable Retention amount(String kind, String amount) {
        return switch (kind) {
            case "last" -> Retention.last(Integer.parseInt(amount));
            case "bytes" -> Retention.bytes(size(amount));
            case "for" -> Retention.forLast(time(amount));
            default -> null;
        };
    }

    /**
     * Writes a time.
     *
     * @param time zero or more
     * @return as {@code 1m30s}, or in the form of {@link Duration#toString} when it is no whole number of milliseconds
     */
    public static String text(Duration time) {
        if (time.isNegative() || time.toNanosPart() % 1_000_000 != 0 || time.toDays() > 999_999_999) {
            return time.toString();
        }
        if (time.isZero()) {
            return "0s";
        }
        StringBuilder text = new StringBuilder();
        long left = time.toMillis();
        for (int i = 0; i < UNITS.length; i++) {
            long count = left / UNITS[i];
            left %= UNITS[i];
            if (count > 0) {
                text.append(count).append(UNIT_NAMES[i]);
            }
        }
        return text.toString();
    }

    /**
     * Writes a size.
     *
     * @param bytes zero or more
     * @return with the largest unit that leaves a whole number, as {@code 64MiB}
     */
    public static String text(long bytes) {
        int unit = 0;
        long count = bytes;
        while (count != 0 && count % 1024 == 0 && unit + 1 < SIZE_NAMES.length) {
            count /= 1024;
            unit++;
        }
        return count + SIZE_NAMES[unit];
    }

    /**
     * Writes a retention.
     *
     * @param retention what is kept
     * @return as {@code last=1000}
     */
    public static String text(Retention retention) {
        if (retention instanceof Retention.Last last) {
            return "last=" + last.count();
        }
        if (retention instanceof Retention.Bytes bytes) {
            return "bytes=" + text(bytes.limit());
        }
        if (retention instanceof Retention.Age age) {
            return "for=" + text(age.age());
        }
        return retention == Retention.all() ? "all" : "none";
    }

    private static IllegalArgumentException bad(String forms, String text, @Nullable Throwable cause) {
        Objects.requireNonNull(text, "text");
        return new IllegalArgumentException("must be " + forms + ", was \"" + ChannelsConfig.shown(text) + "\"", cause);
    }
}
