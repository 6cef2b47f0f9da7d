package dev.sluice.pipes;

import dev.sluice.channel.Overflow;
import dev.sluice.directory.GroupTerms;
import dev.sluice.rsocket.Call;
import dev.sluice.rsocket.Request;
import dev.sluice.rsocket.session.Failures;
import dev.sluice.rsocket.wire.Code;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;

/** The services by which members receive, and their tags; see {@code docs/protocol.md}. */
final class PipeVerbs {

    static final String RECEIVE = "pipe.receive";
    static final String REMEMBER = "pipe.remember";

    private static final String DESTINATION = "destination";
    private static final String GROUP = "group";
    private static final String MOST = "most";
    private static final String EXPIRY = "expiry";
    private static final String OVERFLOW = "overflow";
    private static final String BUFFER = "buffer";

    private static final int LONGEST = 255;

    private PipeVerbs() {}

    static Call receive(String destination, String group, JoinOptions options) {
        GroupTerms terms = options.terms();
        return Call.to(RECEIVE)
                .tag(DESTINATION, destination)
                .tag(GROUP, group)
                .tag(MOST, Integer.toString(options.maxUnacked()))
                .tag(EXPIRY, Long.toString(terms.expiry().toMillis()))
                .tag(OVERFLOW, terms.overflow().name().toLowerCase(Locale.ROOT))
                .tag(BUFFER, Integer.toString(terms.buffer()));
    }

    static String destination(Request request) {
        return text(request, DESTINATION);
    }

    static String group(Request request) {
        return text(request, GROUP);
    }

    /** What the group is to be, if this destination has not heard of it. */
    static JoinOptions options(Request request) {
        try {
            GroupTerms terms = new GroupTerms(
                    Duration.ofMillis(Long.parseLong(text(request, EXPIRY))),
                    Overflow.valueOf(text(request, OVERFLOW).toUpperCase(Locale.ROOT)),
                    Integer.parseInt(text(request, BUFFER)));
            return new JoinOptions(terms, Integer.parseInt(text(request, MOST)));
        } catch (IllegalArgumentException unreadable) {
            throw Failures.of(Code.BAD_REQUEST, "a tag of " + RECEIVE + " is wrong: " + unreadable.getMessage());
        }
    }

    private static String text(Request request, String tag) {
        String text = request.tags().get(tag);
        if (text == null || text.isEmpty() || text.getBytes(StandardCharsets.UTF_8).length > LONGEST) {
            throw Failures.of(
                    Code.BAD_REQUEST, RECEIVE + " needs tag \"" + tag + "\", of " + LONGEST + " bytes at most");
        }
        return text;
    }
}
