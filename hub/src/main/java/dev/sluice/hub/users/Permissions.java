package dev.sluice.hub.users;

import dev.sluice.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who may read a file. Where files have no such permissions as POSIX knows, nothing is said and nothing done. */
final class Permissions {

    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private Permissions() {}

    static boolean othersRead(Path file) {
        try {
            PosixFileAttributes attributes = of(file);
            return attributes != null
                    && (attributes.permissions().contains(PosixFilePermission.GROUP_READ)
                            || attributes.permissions().contains(PosixFilePermission.OTHERS_READ));
        } catch (IOException e) {
            return false;
        }
    }

    /** A new file with mode 600, whatever the umask: it holds hashes from its first byte on. */
    static Path createBeside(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        String prefix = "." + file.getFileName() + ".";
        return Files.getFileAttributeView(folder, PosixFileAttributeView.class) == null
                ? Files.createTempFile(folder, prefix, null)
                : Files.createTempFile(folder, prefix, null, OWNER_ONLY);
    }

    /** A hub that runs as somebody else must still be able to read what an administrator has written anew. */
    static void copy(Path from, Path to) throws IOException {
        PosixFileAttributes wanted = of(from);
        PosixFileAttributes made = of(to);
        if (wanted == null || made == null) {
            return;
        }
        PosixFileAttributeView view = Files.getFileAttributeView(to, PosixFileAttributeView.class);
        try {
            if (!wanted.group().equals(made.group())) {
                view.setGroup(wanted.group());
            }
            if (!wanted.owner().equals(made.owner())) {
                view.setOwner(wanted.owner());
            }
        } catch (IOException e) {
            throw new ConfigurationException(
                    from + " belongs to " + wanted.owner() + ":" + wanted.group()
                            + ", which its new version could not be given to: run this as that user",
                    e);
        }
        view.setPermissions(wanted.permissions());
    }

    private static @Nullable PosixFileAttributes of(Path file) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        return view == null ? null : view.readAttributes();
    }
}
