package dev.sluice.hub.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A program that was started, and what it has started in turn: signals go to all of them, so that a shell does not die and leave behind what it runs.
 * One that has ended is left alone. Nothing here closes the program's pipes, so nothing waits for who uses them; to look for descendants reads files.
 */
final class ProcessTree {

    static final int SIGINT = 2;
    static final int SIGTERM = 15;

    private final ProcessHandle program;

    private ProcessTree(ProcessHandle program) {
        this.program = program;
    }

    static ProcessTree of(Process program) {
        return new ProcessTree(program.toHandle());
    }

    private List<ProcessHandle> all() {
        // Who has ended has no descendants any more, and perhaps a successor with its number.
        return program.isAlive()
                ? Stream.concat(program.descendants(), Stream.of(program))
                        .filter(ProcessHandle::isAlive)
                        .toList()
                : List.of();
    }

    /** Sends SIGTERM, or SIGINT if that is it. */
    void signal(int number) {
        List<ProcessHandle> all = all();
        if (number != SIGINT || !interrupt(all)) {
            all.forEach(ProcessHandle::destroy);
        }
    }

    /** Java itself sends no SIGINT. */
    private static boolean interrupt(List<ProcessHandle> all) {
        if (all.isEmpty()) {
            return true;
        }
        StringBuilder kill = new StringBuilder("kill -INT");
        all.forEach(process -> kill.append(' ').append(process.pid()));
        try {
            new ProcessBuilder("sh", "-c", kill.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return true;
        } catch (IOException noShell) {
            return false;
        }
    }

    /**
     * Sends SIGTERM now, and SIGKILL to those that are there after the grace. Does not wait.
     *
     * @return completes when none is left
     */
    CompletableFuture<Void> end(Duration grace) {
        List<ProcessHandle> all = all();
        all.forEach(ProcessHandle::destroy);
        return CompletableFuture.allOf(all.stream().map(ProcessHandle::onExit).toArray(CompletableFuture[]::new))
                .completeOnTimeout(null, grace.toMillis(), TimeUnit.MILLISECONDS)
                .thenRun(() -> Stream.concat(all.stream(), all().stream())
                        .filter(ProcessHandle::isAlive)
                        .forEach(ProcessHandle::destroyForcibly));
    }
}
