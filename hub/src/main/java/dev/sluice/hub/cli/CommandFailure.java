package dev.sluice.hub.cli;

import org.jspecify.annotations.Nullable;

/** A command failed, and says so in words for its user. */
final class CommandFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient ErrorCode code;

    CommandFailure(ErrorCode code, String message) {
        this(code, message, null);
    }

    CommandFailure(ErrorCode code, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    ErrorCode code() {
        return code;
    }

    /** What to say of any failure. */
    static CommandFailure of(Throwable failure) {
        return failure instanceof CommandFailure known ? known : Diagnosis.of(failure);
    }
}
