package dev.sluice.rsocket.metrics;

import dev.sluice.rsocket.session.Failures;
import dev.sluice.rsocket.wire.Code;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** How calls end, as values of a tag: a code of the protocol, or one of these. */
final class Outcomes {

    static final String COMPLETED = "completed";
    static final String CANCELLED = "cancelled";

    private static final Map<Code, String> OF_CODES = new EnumMap<>(Code.class);

    static {
        for (Code code : Code.values()) {
            OF_CODES.put(code, SluiceMetrics.lowerCase(code));
        }
    }

    private Outcomes() {}

    static String of(Code code) {
        return Objects.requireNonNull(OF_CODES.get(code));
    }

    static String of(Throwable failure) {
        return of(Failures.code(failure));
    }
}
