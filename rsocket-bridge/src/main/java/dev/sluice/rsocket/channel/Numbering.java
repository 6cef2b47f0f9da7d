package dev.sluice.rsocket.channel;

import dev.sluice.rsocket.session.Failures;
import dev.sluice.rsocket.wire.Code;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which of its publisher's operations a call asks for, and what the publisher tells along with it.
 *
 * @param number the operation
 * @param lowest the smallest number whose outcome the publisher does not know
 * @param settled numbers above it whose outcome it does know
 */
record Numbering(long number, long lowest, List<Range> settled) {

    /** Ranges one call may tell of; the rest goes along with the next ones. */
    static final int MOST_RANGES = 32;

    /** Numbers from the first to the last. */
    record Range(long first, long last) {

        private String text() {
            return first == last ? Long.toString(first) : first + "-" + last;
        }
    }

    /** What the tags of a call say. */
    static Numbering of(Tags tags) {
        return new Numbering(
                tags.number(Verbs.NUMBER), tags.number(Verbs.LOWEST, 0), ranges(tags.optional(Verbs.SETTLED)));
    }

    private static List<Range> ranges(@Nullable String text) {
        if (text == null) {
            return List.of();
        }
        List<Range> ranges = new ArrayList<>();
        try {
            for (String range : text.split(",", MOST_RANGES + 1)) {
                int dash = range.indexOf('-');
                long first = Long.parseLong(dash < 0 ? range : range.substring(0, dash));
                ranges.add(new Range(first, dash < 0 ? first : Long.parseLong(range.substring(dash + 1))));
            }
        } catch (NumberFormatException unreadable) {
            throw Failures.of(
                    Code.BAD_REQUEST,
                    "tag \"settled\" must be at most " + MOST_RANGES + " numbers or ranges of them, such as 7,9-12");
        }
        return ranges;
    }

    /** Ranges as the value of a tag. */
    static String text(List<Range> ranges) {
        StringBuilder text = new StringBuilder();
        for (Range range : ranges) {
            text.append(text.isEmpty() ? "" : ",").append(range.text());
        }
        return text.toString();
    }
}
