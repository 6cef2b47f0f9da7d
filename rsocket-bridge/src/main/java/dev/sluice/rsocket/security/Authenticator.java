package dev.sluice.rsocket.security;

import reactor.core.publisher.Mono;

/** Tells from its credentials who a client is. Thread safe. */
@FunctionalInterface
public interface Authenticator {

    /**
     * Who shows these credentials. Called on the event loop of the client's connection, once for each connection: must not block. What
     * it returns is cancelled when the connection is lost or the server's hello timeout has passed.
     *
     * @param credentials what the client shows; keep its secrets out of logs and errors
     * @return the identity. Empty, or {@link dev.sluice.AccessDeniedException}, refuses the client for good. Any other error says that the
     *     credentials cannot be checked now: the client is told to try again later, and nothing of the error
     */
    Mono<Identity> authenticate(Credentials credentials);

    /** A builder for an authenticator that knows a fixed set of users and tokens. */
    static FixedAuthenticator.Builder fixed() {
        return new FixedAuthenticator.Builder();
    }
}
