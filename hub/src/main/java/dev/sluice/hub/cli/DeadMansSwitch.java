package dev.sluice.hub.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Ends a program when this process is killed in a way it cannot notice itself, as with {@code kill -9}: a small shell waits for the end of a pipe whose
 * other end is here. It hears no SIGINT, SIGTERM and SIGHUP. Where there is no {@code sh}, there is no such thing.
 */
final class DeadMansSwitch implements AutoCloseable {

    /** Is told a number, and then that all is well. The children first; without pgrep only the program itself. */
    private static final String SCRIPT = """
            trap '' INT TERM HUP
            read -r program || exit 0
            read -r word && exit 0
            tree() { for child in $(pgrep -P "$1" 2>/dev/null); do tree "$child"; done; echo "$1"; }
            all=$(tree "$program")
            kill -TERM $all
            left=$1
            while [ "$left" -gt 0 ] && kill -0 $all; do sleep 1; left=$((left - 1)); done
            kill -KILL $all
            """;

    private final @Nullable Process shell;
    private boolean guarding;

    private DeadMansSwitch(@Nullable Process shell) {
        this.shell = shell;
    }

    /**
     * One that is there before the program is: there is hardly a moment without.
     *
     * @param grace between SIGTERM and SIGKILL, in whole seconds
     */
    static DeadMansSwitch start(Duration grace) {
        String seconds = Long.toString(Math.max(1, (grace.toMillis() + 999) / 1_000));
        try {
            return new DeadMansSwitch(new ProcessBuilder("sh", "-c", SCRIPT, "sluice-lock", seconds)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start());
        } catch (IOException noShell) {
            return new DeadMansSwitch(null);
        }
    }

    /** Guards a program until this is closed. */
    void guard(Process program) {
        guarding = true;
        tell(Long.toString(program.pid()));
    }

    @Override
    public void close() {
        if (guarding) {
            tell("done");
        }
        if (shell != null) {
            try {
                shell.getOutputStream().close();
            } catch (IOException gone) {
                // As below.
            }
        }
    }

    private void tell(String word) {
        if (shell == null) {
            return;
        }
        try {
            OutputStream input = shell.getOutputStream();
            input.write((word + "\n").getBytes(StandardCharsets.US_ASCII));
            input.flush();
        } catch (IOException gone) {
            // It was killed: there is nothing left to tell.
        }
    }
}
