package dev.sluice.hub.users;

import dev.sluice.ConfigurationException;
import dev.sluice.SluiceException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A users file to be changed. Immutable and thread safe: a change makes another one, and only {@link #write} touches the disk. Of a text with a line
 * for each thing, as {@link Users} shows, all but the changed entry stays as it is, comments too; one in braces may be written anew, without them.
 */
public final class UsersFile {

    private final Path path;
    private final String text;
    private final UsersText parsed;

    private UsersFile(Path path, String text) {
        this.path = path;
        this.text = text;
        this.parsed = UsersText.parse(text, path.toString());
    }

    /**
     * Reads a users file; one that does not exist, or has no users, is empty. Reads the disk: not for event loops.
     *
     * @throws ConfigurationException when it cannot be read, or is not as {@link Users} says
     */
    public static UsersFile read(Path path) {
        return new UsersFile(path, Files.notExists(path) ? "" : UsersText.read(path));
    }

    /** The names, in the order of the file. */
    public Collection<String> names() {
        return List.copyOf(parsed.users().keySet());
    }

    /** What a user may do; nothing when there is no such user. */
    public List<Grant> may(String name) {
        User user = parsed.users().get(name);
        return user == null ? List.of() : user.may();
    }

    /**
     * With a user of that name and secret, new or not.
     *
     * @param may what it may do from now on; null leaves that as it is, which is nothing for a new one
     * @throws IllegalArgumentException when the name cannot be a user's, see {@link Users#requireName}
     */
    public UsersFile put(String name, SecretHash secret, @Nullable List<Grant> may) {
        User user = new User(name, secret, may == null ? may(name) : may);
        UsersEdit edit = new UsersEdit(text, parsed);
        boolean onlySecret = may == null && parsed.users().containsKey(name);
        return new UsersFile(path, onlySecret ? edit.secret(user) : edit.put(user));
    }

    /** Without the user of that name; the same when there is none. */
    public UsersFile remove(String name) {
        return parsed.users().containsKey(name) ? new UsersFile(path, new UsersEdit(text, parsed).remove(name)) : this;
    }

    /** Whether others than its owner may read the file that is there now. */
    public boolean isReadByOthers() {
        return Permissions.othersRead(path);
    }

    /**
     * Writes the file: into a new one beside it, which then takes its place at once, so that no reader ever sees a half of it. A new file is its
     * owner's alone (mode 600); one that was there keeps its owner, group and mode. Writes the disk: not for event loops.
     *
     * @throws ConfigurationException when it would be longer than 1 MiB, its folder is not there, or it cannot keep its owner
     * @throws SluiceException when it cannot be written; what was there stays as it was
     */
    public void write() {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > UsersText.MAX_BYTES) {
            throw new ConfigurationException(path + ": would be longer than 1 MiB, the limit of a users file");
        }
        try {
            // What a link points to is replaced, not the link.
            Path target = Files.exists(path) ? path.toRealPath() : path.toAbsolutePath();
            Path folder = target.getParent();
            if (folder == null || !Files.isDirectory(folder)) {
                throw new ConfigurationException(path + ": the folder " + folder + " does not exist: create it first");
            }
            if (Files.exists(target) && !Files.isRegularFile(target)) {
                throw new ConfigurationException(path + ": is no ordinary file, which alone can be replaced");
            }
            replace(target, bytes);
        } catch (IOException e) {
            throw new SluiceException(path + ": cannot be written: " + e + "; what was there before is unchanged", e);
        }
    }

    private static void replace(Path target, byte[] bytes) throws IOException {
        Path fresh = Permissions.createBeside(target);
        try {
            try (FileChannel out = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
                ByteBuffer rest = ByteBuffer.wrap(bytes);
                while (rest.hasRemaining()) {
                    out.write(rest);
                }
                out.force(true);
            }
            if (Files.exists(target)) {
                Permissions.copy(target, fresh);
            }
            Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    @Override
    public String toString() {
        return "UsersFile(" + path + ", " + parsed.users().size() + " users)";
    }
}
