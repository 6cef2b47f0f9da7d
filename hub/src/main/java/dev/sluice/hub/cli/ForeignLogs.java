package dev.sluice.hub.cli;

import java.util.logging.Level;
import java.util.logging.Logger;

/** Logs of libraries that do not go through SLF4J, and would tell a user on standard error how they are. */
final class ForeignLogs {

    /** What etcd is spoken to with; held, for a logger that nobody holds forgets its level. */
    private static final Logger GRPC = Logger.getLogger("io.grpc");

    private ForeignLogs() {}

    static void quiet() {
        GRPC.setLevel(Level.WARNING);
    }
}
