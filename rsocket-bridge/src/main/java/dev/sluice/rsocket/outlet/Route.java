package dev.sluice.rsocket.outlet;

import dev.sluice.rsocket.Request;
import dev.sluice.rsocket.session.Failures;
import dev.sluice.rsocket.wire.Code;

/** Names of the services through which outlets are used, and of their tags. */
final class Route {

    // Done once for each number of a client, however often they are called.
    static final String SEND = "outlet.send";
    static final String SEND_ALL = "outlet.sendAll";
    static final String WITHDRAW = "outlet.withdraw";
    static final String REMEMBER = "outlet.remember";
    static final String OPEN = "outlet.open";
    static final String RELEASE = "outlet.release";
    static final String AIM = "outlet.aim";

    // Only read.
    static final String LIST = "outlet.list";

    /** The outlet's name. */
    static final String OUTLET = "outlet";

    /** The name of the channel it is aimed at. */
    static final String CHANNEL = "channel";

    /** Which outlets. */
    static final String PREFIX = "prefix";

    private Route() {}

    /** A tag that must be there. */
    static String text(Request request, String tag) {
        String value = request.tags().get(tag);
        if (value == null) {
            throw Failures.of(Code.BAD_REQUEST, "the call lacks the tag \"" + tag + "\"");
        }
        return value;
    }
}
