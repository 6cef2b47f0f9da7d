package dev.sluice.rsocket.plain;

import dev.sluice.rsocket.session.Failures;
import dev.sluice.rsocket.wire.Code;
import dev.sluice.rsocket.wire.Wire;
import io.rsocket.RSocketErrorException;
import io.rsocket.exceptions.ApplicationErrorException;
import io.rsocket.exceptions.InvalidException;
import io.rsocket.exceptions.RejectedException;

/** Failures as RSocket tells them: one of its codes, and a text that begins with the name of ours. */
final class Refusal {

    private Refusal() {}

    /** The error a client gets. Each failure passes here once: an error of RSocket is then one of a service, and as foreign as any other. */
    static RSocketErrorException of(Throwable failure) {
        Code code = Failures.code(failure);
        String text = shortened(code + ": " + Failures.text(failure));
        return switch (code) {
            case DENIED, LIMIT, UNAVAILABLE, TOO_LARGE -> new RejectedException(text);
            case BAD_REQUEST, NO_SERVICE, INVALID_NAME -> new InvalidException(text);
            default -> new ApplicationErrorException(text);
        };
    }

    static RuntimeException limit(String message) {
        return Failures.of(Code.LIMIT, message);
    }

    static RuntimeException tooLarge(String what, long bytes, long most) {
        return Failures.of(
                Code.TOO_LARGE, what + " of " + bytes + " bytes, at most " + most + " pass here: send it in pieces");
    }

    private static String shortened(String text) {
        return text.length() <= Wire.TEXT_BYTES / 3 ? text : text.substring(0, Wire.TEXT_BYTES / 3) + "…";
    }
}
