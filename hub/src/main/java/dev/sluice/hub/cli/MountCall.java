package dev.sluice.hub.cli;

import dev.sluice.hub.config.Endpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The command that mounts files of a hub on some system.
 *
 * @param words the command
 * @param note what may be in its way, null for nothing
 */
record MountCall(List<String> words, @Nullable String note) {

    private static final List<String> DIALECTS = List.of("9p2000.L", "9p2000.u", "9p2000");
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:=,@+-]+");
    private static final int SHORTEST = 4096;
    private static final int LONGEST = (1 << 20) + 24;

    /** What is to be mounted where. */
    record Wanted(Endpoint endpoint, String directory, String from, String user, String dialect, int messageSize) {}

    /**
     * A system.
     *
     * @param name as Java calls it
     * @param isRoot whether we may mount there
     * @param hasKernelClient whether its kernel knows 9P
     * @param path where programs are
     */
    record Machine(String name, boolean isRoot, boolean hasKernelClient, String path) {

        static Machine here() {
            String name = System.getProperty("os.name", "");
            return new Machine(
                    name,
                    "root".equals(System.getProperty("user.name")),
                    !name.equals("Linux") || knows9P(),
                    System.getenv().getOrDefault("PATH", ""));
        }

        private static boolean knows9P() {
            Path modules = Path.of("/lib/modules", System.getProperty("os.version", ""), "kernel/fs/9p");
            try {
                return Files.isDirectory(modules)
                        || Files.readString(Path.of("/proc/filesystems")).contains("\t9p\n");
            } catch (IOException unknown) {
                return true;
            }
        }

        boolean has(String program) {
            return Arrays.stream(path.split(":"))
                    .filter(folder -> !folder.isEmpty())
                    .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
        }
    }

    /**
     * The command.
     *
     * @throws IllegalArgumentException when something is wanted that cannot be
     */
    static MountCall of(Wanted wanted, Machine system) {
        check(wanted);
        if (system.name().equals("Linux") && (system.hasKernelClient() || !system.has("9pfuse"))) {
            return linux(wanted, system);
        }
        if (system.has("9pfuse")) {
            return fuse(wanted);
        }
        throw new CommandFailure(
                ErrorCode.NO_COMMAND,
                "there is no command known to mount 9P on " + system.name()
                        + ": install plan9port, whose 9pfuse does it, or use a client of 9P such as its 9p");
    }

    private static void check(Wanted wanted) {
        if (!DIALECTS.contains(wanted.dialect())) {
            throw new IllegalArgumentException(
                    "--dialect must be one of " + String.join(", ", DIALECTS) + ", was " + wanted.dialect());
        }
        if (wanted.messageSize() < SHORTEST || wanted.messageSize() > LONGEST) {
            throw new IllegalArgumentException(
                    "--msize must be " + SHORTEST + " to " + LONGEST + ", was " + wanted.messageSize());
        }
        Stream.of(wanted.from(), wanted.user())
                .filter(text -> text.indexOf(',') >= 0)
                .findFirst()
                .ifPresent(text -> {
                    throw new IllegalArgumentException("options of mount cannot hold a comma: \"" + text + "\"");
                });
    }

    private static MountCall linux(Wanted wanted, Machine system) {
        List<String> options = new ArrayList<>(List.of(
                "trans=tcp",
                "port=" + wanted.endpoint().port(),
                "version=" + wanted.dialect(),
                "cache=none",
                "msize=" + wanted.messageSize(),
                "access=any",
                "uname=" + wanted.user()));
        if (!wanted.from().isEmpty()) {
            options.add("aname=" + wanted.from());
        }
        List<String> words = new ArrayList<>();
        if (!system.isRoot()) {
            words.add("sudo");
        }
        words.addAll(List.of(
                "mount",
                "-t",
                "9p",
                "-o",
                String.join(",", options),
                address(wanted.endpoint().host()),
                wanted.directory()));
        return new MountCall(
                List.copyOf(words),
                system.hasKernelClient()
                        ? null
                        : "this kernel seems to have no 9P: kernels for clouds leave it out, the package linux-image-amd64"
                                + " has it");
    }

    /** Linux takes no names. */
    private static String address(String host) {
        try {
            return Stream.of(InetAddress.getAllByName(host))
                    .filter(address -> address instanceof Inet4Address)
                    .map(InetAddress::getHostAddress)
                    .findFirst()
                    .orElse(host);
        } catch (UnknownHostException unknown) {
            throw new UncheckedIOException(new IOException("cannot find the address of " + host, unknown));
        }
    }

    private static MountCall fuse(Wanted wanted) {
        List<String> words = new ArrayList<>(List.of("9pfuse"));
        if (!wanted.from().isEmpty()) {
            words.addAll(List.of("-a", wanted.from()));
        }
        words.addAll(List.of(
                "tcp!" + wanted.endpoint().host() + "!" + wanted.endpoint().port(), wanted.directory()));
        return new MountCall(List.copyOf(words), null);
    }

    Optional<String> warning() {
        return Optional.ofNullable(note);
    }

    /** The command as it is typed. */
    String line() {
        return words.stream().map(MountCall::quoted).collect(Collectors.joining(" "));
    }

    private static String quoted(String word) {
        return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
