package dev.sluice.etcd;

import dev.sluice.DirectoryUnavailableException;
import dev.sluice.SluiceException;
import dev.sluice.directory.DirectoryClosedException;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/** What etcd's errors mean. */
final class Failures {

    private final String where;
    private final @Nullable String user;

    Failures(EtcdOptions options) {
        this.where = options.where();
        this.user = options.user();
    }

    DirectoryClosedException closed() {
        return new DirectoryClosedException();
    }

    /** The error for those who asked. */
    Throwable told(String what, Throwable failure) {
        if (failure instanceof SluiceException) {
            return failure;
        }
        Status status = Status.fromThrowable(failure);
        String said = description(status);
        String message;
        if (said.contains("authentication failed") || said.contains("user name is empty") || tokenGone(failure)) {
            message = "etcd at " + where + " does not know " + who()
                    + ": check user and password_file of the directory (" + said + ")";
        } else if (status.getCode() == Status.Code.PERMISSION_DENIED || said.contains("permission denied")) {
            message = "etcd at " + where + " does not let " + who() + " " + what
                    + ": grant it a role that may read and write all keys with the directory's prefix (" + said + ")";
        } else if (said.contains("SSLHandshake") || said.contains("SunCertPath") || said.contains("Ssl")) {
            message = "etcd at " + where + " was not asked to " + what
                    + ": TLS came to nothing, check tls, trusted, certificate and key (" + said + ")";
        } else {
            message = "etcd at " + where + " was asked in vain to " + what + ": see that it runs and can be reached ("
                    + said + ")";
        }
        return new DirectoryUnavailableException(message, failure);
    }

    private String who() {
        return user == null ? "us, who name no user" : "user \"" + user + "\"";
    }

    private static String description(Status status) {
        StringBuilder said = new StringBuilder(status.getCode().name());
        if (status.getDescription() != null) {
            said.append(": ").append(status.getDescription());
        }
        for (Throwable cause = status.getCause(); cause != null && said.length() < 2_000; cause = cause.getCause()) {
            said.append("; ").append(cause);
        }
        return said.toString();
    }

    /** Whether another attempt may do better. */
    static boolean mayPass(Throwable failure) {
        return switch (Status.fromThrowable(failure).getCode()) {
            case UNAVAILABLE, DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED -> true;
            // A node that hears nothing of its leader.
            case UNKNOWN ->
                tokenGone(failure) || description(Status.fromThrowable(failure)).contains("context deadline exceeded");
            default -> tokenGone(failure);
        };
    }

    /** Whether who asks must say again who it is. */
    static boolean tokenGone(Throwable failure) {
        String said = description(Status.fromThrowable(failure));
        return said.contains("invalid auth token") || said.contains("revision of auth store is old");
    }

    static boolean leaseGone(Throwable failure) {
        Status status = Status.fromThrowable(failure);
        return status.getCode() == Status.Code.NOT_FOUND && description(status).contains("lease not found");
    }

    static boolean compacted(Throwable failure) {
        return Status.fromThrowable(failure).getCode() == Status.Code.OUT_OF_RANGE;
    }
}
