package dev.sluice.perf.pipes;

import dev.sluice.perf.measure.Child;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/** A server of NATS, on a free port of the loopback address. A shell holds it, which ends it when what started the shell ends, however that happens. */
final class NatsServer implements AutoCloseable {
    private static final String HOLD = """
            "$1" --addr 127.0.0.1 --port -1 --ports_file_dir "$2" >&2 &
            server=$!
            trap 'kill $server; wait' EXIT
            ports=$2/$(basename "$1")_$server.ports
            until grep -q ] "$ports" 2>/dev/null; do
                kill -0 $server || exit 1
                sleep 0.02
            done
            echo "ready $server $(tr -d ' \\n' <"$ports" | sed 's/.*\\[\"//; s/\".*//')"
            cat >/dev/null
            """;

    private final Child shell;
    private final long process;
    private final String url;

    private NatsServer(Child shell, String[] words) {
        this.shell = shell;
        this.process = Long.parseLong(words[0]);
        this.url = words[1];
    }

    /**
     * Starts it.
     *
     * @param program the server's
     * @param limit how long that may take
     * @param log where it says what it says, beside which it writes its port
     */
    static NatsServer start(Path program, Duration limit, Path log) throws IOException {
        Path folder = Objects.requireNonNull(log.toAbsolutePath().getParent());
        Files.createDirectories(folder);
        Child shell = new Child(
                "nats-server", List.of("sh", "-c", HOLD, "sh", program.toString(), folder.toString()), log, limit);
        try {
            return new NatsServer(shell, shell.awaitReady().split(" ", 2));
        } catch (IOException e) {
            shell.close();
            throw e;
        }
    }

    String url() {
        return url;
    }

    /** What it has used of the processor. */
    Duration cpu() {
        return ProcessHandle.of(process)
                .flatMap(handle -> handle.info().totalCpuDuration())
                .orElse(Duration.ZERO);
    }

    @Override
    public void close() {
        shell.close();
    }
}
