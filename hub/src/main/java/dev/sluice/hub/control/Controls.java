package dev.sluice.hub.control;

import dev.sluice.rsocket.Request;
import dev.sluice.rsocket.session.Failures;
import dev.sluice.rsocket.wire.Code;
import dev.sluice.switching.Diversion;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Names of the services through which a hub is controlled, and of their tags; see {@code docs/protocol.md}. */
final class Controls {

    // Done once for each number of a client, however often they are called.
    static final String SWAP = "hub.swap";
    static final String DIVERT = "hub.divert";
    static final String RESTORE = "hub.restore";
    static final String RESTORE_ALL = "hub.restoreAll";
    static final String LEASE_SEND = "hub.lease.send";
    static final String LEASE_SEND_ALL = "hub.lease.sendAll";
    static final String WITHDRAW = "hub.withdraw";
    static final String REMEMBER = "hub.remember";

    // Last as long as their answer is read.
    static final String LEASE = "hub.lease";
    static final String TOP = "hub.top";
    static final String OFFER = "hub.offer";

    // Only read, or without harm when done twice.
    static final String RENEW = "hub.lease.renew";
    static final String LEASES = "hub.leases";
    static final String SERVICES = "hub.services";
    static final String INFO = "hub.info";

    /** Whoever may call services may call it: it answers with what it was sent. */
    static final String ECHO = "echo";

    static final String SERVICE = "service";
    static final String OTHER = "other";
    static final String CHANNEL = "channel";
    static final String PREFIX = "prefix";

    /** Where a service, or the others of a lease, go instead: {@code /dev/null}, {@code hold}, or {@code channel}. */
    static final String TO = "to";

    /** The channel they go to. */
    static final String DIVERTED = "diverted";

    /** Who takes a lease. */
    static final String HOLDER = "holder";

    /** A lease, as its holder was told. */
    static final String ID = "lease";

    /** Milliseconds; 0 for a lease that does not end by itself. */
    static final String TTL = "ttl";

    /** Milliseconds. */
    static final String WAIT = "wait";

    static final String SORT = "sort";
    static final String LIMIT = "limit";

    /** Milliseconds. */
    static final String EVERY = "every";

    private Controls() {}

    static @Nullable String optional(Request request, String tag) {
        return request.tags().get(tag);
    }

    static String text(Request request, String tag) {
        String value = optional(request, tag);
        if (value == null) {
            throw bad("the call lacks the tag \"" + tag + "\"");
        }
        return value;
    }

    static long number(Request request, String tag, long otherwise, long least, long most) {
        String value = optional(request, tag);
        if (value == null) {
            return otherwise;
        }
        try {
            long number = Long.parseLong(value);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException notOne) {
            // Said below.
        }
        throw bad("tag \"" + tag + "\" must be a whole number from " + least + " to " + most);
    }

    static Duration millis(Request request, String tag, long otherwise, long least, long most) {
        return Duration.ofMillis(number(request, tag, otherwise, least, most));
    }

    /** What a call says of where elements go instead. */
    static Diversion diversion(Request request) {
        String word = text(request, TO);
        if (word.equals(CHANNEL)) {
            return Diversion.channel(text(request, DIVERTED));
        }
        if (!word.equals(Diversion.DEV_NULL.toString()) && !word.equals(Diversion.HOLD.toString())) {
            throw bad("tag \"" + TO + "\" must be " + Diversion.DEV_NULL + ", " + Diversion.HOLD + " or " + CHANNEL);
        }
        return Diversion.of(word);
    }

    /** As {@link #diversion(Request)} reads it. */
    static Map<String, String> tags(Diversion to) {
        String channel = to.channel();
        return channel == null ? Map.of(TO, to.toString()) : Map.of(TO, CHANNEL, DIVERTED, channel);
    }

    static RuntimeException bad(String message) {
        return Failures.of(Code.BAD_REQUEST, message);
    }
}
