package dev.sluice.ninep.wire;

import org.jspecify.annotations.Nullable;

/** The three dialects of 9P in use. What a connection speaks is what its client asked for. */
public enum Dialect {
    /** Plan 9's own, as intro(5) describes it: errors are texts. */
    PLAN9("9P2000"),
    /** With what Unix adds: error numbers, numeric users. */
    UNIX("9P2000.u"),
    /** Linux's own: its system calls, one to one. */
    LINUX("9P2000.L");

    private final String version;

    Dialect(String version) {
        this.version = version;
    }

    /** The name as it is negotiated. */
    public String version() {
        return version;
    }

    /** The dialect of a name, null when there is none. */
    public static @Nullable Dialect of(String version) {
        for (Dialect dialect : values()) {
            if (dialect.version.equals(version)) {
                return dialect;
            }
        }
        return null;
    }

    /** Whether messages carry the numbers of users and errors beside their names. */
    public boolean isNumeric() {
        return this != PLAN9;
    }
}
