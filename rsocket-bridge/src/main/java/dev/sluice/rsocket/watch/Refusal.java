package dev.sluice.rsocket.watch;

/** Why a connection was refused. */
public enum Refusal {
    /** The endpoint has as many connections as it may. */
    CONNECTIONS,
    /** Credentials are missing, unreadable or wrong. */
    CREDENTIALS,
    /** The authenticator failed, so nobody knows. */
    UNCHECKED
}
