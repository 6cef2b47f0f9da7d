package dev.sluice.hub.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** The process's own streams, byte for byte, and whether somebody looks at them. */
final class Streams {

    static final int INPUT = 0;
    static final int OUTPUT = 1;
    static final int ERROR = 2;

    private static final int BUFFER = 64 << 10;

    private Streams() {}

    static InputStream input() {
        return new FileInputStream(FileDescriptor.in);
    }

    /** Standard output; to be flushed. */
    static OutputStream output() {
        return new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), BUFFER);
    }

    /** Bytes there are to read when input is a file; -1 when nobody knows. */
    static long inputSize() {
        try (FileInputStream input = new FileInputStream("/proc/self/fd/0")) {
            Path target = Path.of("/proc/self/fd/0").toRealPath();
            return Files.isRegularFile(target) ? input.getChannel().size() : -1;
        } catch (IOException notThere) {
            return -1;
        }
    }

    /** Whether this process is in the foreground of a terminal, whose Ctrl-C goes to all that are. */
    static boolean isForeground() {
        try {
            String stat = Files.readString(Path.of("/proc/self/stat"));
            // Behind the name: state, parent, group, session, terminal, and the group in the foreground of that.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            return fields[2].equals(fields[5]);
        } catch (IOException noSuchTree) {
            return false;
        }
    }

    /** Whether a stream is a terminal. Where the system does not tell, none is. */
    static boolean isTerminal(int stream) {
        try {
            String target =
                    Files.readSymbolicLink(Path.of("/proc/self/fd/" + stream)).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException noSuchTree) {
            return false;
        }
    }
}
