package dev.sluice.samples.pipes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;

/**
 * How far all groups are, in a file: what a destination that is started again goes on with. It is written behind the groups, never ahead of them, so
 * after a crash the last few lines come again and none is missing.
 */
final class Progress {

    private final Path file;
    private long written = -1;

    Progress(Path file) {
        this.file = file;
    }

    /** Where a destination of this name keeps it, unless it is told otherwise. */
    static Path usual(String destination) {
        String state = System.getenv("XDG_STATE_HOME");
        Path home = state == null || state.isEmpty()
                ? Path.of(System.getProperty("user.home"), ".local", "state")
                : Path.of(state);
        return home.resolve("sluice").resolve("pipes-" + destination.replaceAll("[^A-Za-z0-9._-]", "_"));
    }

    long read() {
        try {
            return Files.exists(file) ? Long.parseLong(Files.readString(file).trim()) : 0;
        } catch (IOException | NumberFormatException unreadable) {
            throw new IllegalStateException(
                    file + " does not say how far the groups are: mend it, remove it, or name another by --state",
                    unreadable);
        }
    }

    synchronized void write(long number) {
        if (number <= written) {
            return;
        }
        try {
            Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file, not a root");
            Files.createDirectories(folder);
            Path next = folder.resolve(file.getFileName() + ".next");
            Files.writeString(next, number + "\n");
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            written = number;
        } catch (IOException full) {
            throw new UncheckedIOException(full);
        }
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
