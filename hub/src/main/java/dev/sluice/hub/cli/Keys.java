package dev.sluice.hub.cli;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Keys as they are pressed, without Enter. The terminal's mode, which all programs on it share, is changed by the system's {@code stty} and set back at
 * the end. Thread safe.
 */
final class Keys implements AutoCloseable {

    private static final File TERMINAL = new File("/dev/tty");
    private static final long PATIENCE_SECONDS = 2;

    /** The mode as it was; null when it is as it was. */
    private @Nullable String before;

    private boolean closed;

    /**
     * Hears keys, if standard input is a terminal that lets us; else there are none.
     *
     * @param pressed is called on a thread of its own
     */
    synchronized boolean listen(IntConsumer pressed) {
        if (closed || !Streams.isTerminal(Streams.INPUT)) {
            return false;
        }
        String mode = stty("-g");
        if (mode == null || mode.isEmpty()) {
            return false;
        }
        before = mode;
        if (stty("-icanon", "-echo", "min", "1", "time", "0") == null) {
            close();
            return false;
        }
        Thread reader = new Thread(() -> read(pressed), "keys");
        reader.setDaemon(true);
        reader.start();
        return true;
    }

    private static void read(IntConsumer pressed) {
        try (InputStream terminal = new FileInputStream(TERMINAL)) {
            for (int key = terminal.read(); key >= 0; key = terminal.read()) {
                pressed.accept(key);
            }
        } catch (IOException gone) {
            // No more keys; the picture stays.
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        String mode = before;
        before = null;
        if (mode != null) {
            stty(mode);
        }
    }

    /** What it says; null when it cannot do it. */
    private static @Nullable String stty(String... words) {
        String[] command = new String[words.length + 1];
        command[0] = "stty";
        System.arraycopy(words, 0, command, 1, words.length);
        try {
            Process stty = new ProcessBuilder(command)
                    .redirectInput(TERMINAL)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            // It says a line, which fits into the pipe.
            if (!stty.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                stty.destroyForcibly();
                return null;
            }
            String said = new String(stty.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return stty.exitValue() == 0 ? said.strip() : null;
        } catch (IOException noTerminalOrNoCommand) {
            return null;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return null;
        }
    }
}
