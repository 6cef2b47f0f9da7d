package dev.sluice.hub.cli;

import com.fasterxml.jackson.databind.DeserializationFeature;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Hubs that a user has given names, in a file only the user can read, for it may hold tokens: {@code $XDG_CONFIG_HOME/sluice/contexts.json}, or
 * {@code ~/.config/sluice/contexts.json}.
 */
final class Contexts {

    private final Path file;

    /** A hub with a name. */
    record Context(String url, @Nullable String token) {}

    /** What the file holds. */
    record Saved(@Nullable String selected, Map<String, Context> contexts) {}

    Contexts(Path file) {
        this.file = file;
    }

    static Contexts ofThisUser() {
        String configuration = System.getenv("XDG_CONFIG_HOME");
        Path folder = configuration == null || configuration.isEmpty()
                ? Path.of(System.getProperty("user.home"), ".config")
                : Path.of(configuration);
        return new Contexts(folder.resolve("sluice").resolve("contexts.json"));
    }

    Path file() {
        return file;
    }

    /** The one that commands use, or null. */
    @Nullable Context selected() {
        if (!Files.exists(file)) {
            return null;
        }
        Saved saved = read();
        return saved.selected() == null ? null : saved.contexts().get(saved.selected());
    }

    Saved read() {
        if (!Files.exists(file)) {
            return new Saved(null, new TreeMap<>());
        }
        try {
            Saved saved = Json.MAPPER
                    .readerFor(Saved.class)
                    .without(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .readValue(file.toFile());
            return checked(saved);
        } catch (IOException broken) {
            throw new CommandFailure(
                    ErrorCode.IO, "cannot read the contexts in " + file + ": " + reason(broken), broken);
        }
    }

    /** Whoever writes the file by hand may have left something out. */
    private Saved checked(@Nullable Saved saved) throws IOException {
        if (saved == null) {
            throw new IOException("it holds nothing");
        }
        Map<String, Context> contexts = new TreeMap<>();
        if (saved.contexts() != null) {
            contexts.putAll(saved.contexts());
        }
        for (Map.Entry<String, Context> entry : contexts.entrySet()) {
            if (entry.getValue() == null || entry.getValue().url() == null) {
                throw new IOException("context \"" + entry.getKey() + "\" has no url");
            }
        }
        return new Saved(saved.selected(), contexts);
    }

    void write(Saved saved) {
        try {
            Files.createDirectories(file.getParent());
            Path next = Files.createTempFile(
                    file.getParent(),
                    "contexts",
                    ".new",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            try {
                Json.MAPPER.writerWithDefaultPrettyPrinter().writeValue(next.toFile(), saved);
                Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(next);
            }
        } catch (IOException broken) {
            throw new CommandFailure(
                    ErrorCode.IO, "cannot write the contexts to " + file + ": " + reason(broken), broken);
        }
    }

    /** Of what the JDK says of files only the type tells what is wrong. */
    private static String reason(IOException failure) {
        String said = Diagnosis.firstLine(failure);
        return failure instanceof FileSystemException
                ? failure.getClass().getSimpleName().replace("Exception", "") + " " + said
                : said;
    }
}
