package dev.sluice.hub.users;

import dev.sluice.SluiceException;

/** Credentials cannot be checked now. Not a refusal: the client is told to come back. */
final class UsersBusyException extends SluiceException {
    private static final long serialVersionUID = 1L;

    UsersBusyException() {
        super("too many clients are proving who they are at the same time, or the hub ends: come back later");
    }
}
