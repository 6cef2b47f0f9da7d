package dev.sluice.hub.cli;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.Scanner;
import java.util.concurrent.TimeUnit;

/**
 * The terminal behind standard output. Java cannot tell whether there is one and how large it is, so the system's own
 * commands are asked. Commands of other modules draw on it too. Not thread safe.
 */
public final class Terminal {

    private static final Size USUAL = new Size(80, 24);
    private static final long SIZE_IS_FRESH_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long PATIENCE_SECONDS = 2;

    private Size size = USUAL;
    private long askedAt;
    private boolean asked;

    /** The terminal of this process, if there is one: see {@link #canRedraw}. */
    public Terminal() {}

    /**
     * The size of a terminal.
     *
     * @param columns characters in a line
     * @param rows lines
     */
    public record Size(int columns, int rows) {}

    /** Whether standard output is a terminal that understands escape sequences. */
    public static boolean canRedraw() {
        String kind = System.getenv("TERM");
        return kind != null && !kind.isEmpty() && !kind.equals("dumb") && outputIsTerminal();
    }

    private static boolean outputIsTerminal() {
        try {
            Process test = new ProcessBuilder("test", "-t", "1")
                    .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                    .start();
            return test.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) && test.exitValue() == 0;
        } catch (IOException noSuchCommand) {
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /**
     * Whether the other end of the pipe is gone. Asks standard output as well, because a writer in front of it does not
     * hear of its errors.
     */
    public static boolean isGone(PrintWriter out) {
        return out.checkError() || System.out.checkError();
    }

    /** Whether colours are welcome, see no-color.org. */
    public static boolean wantsColour() {
        String unwanted = System.getenv("NO_COLOR");
        return unwanted == null || unwanted.isEmpty();
    }

    /** The encoding of what is printed, whatever Java takes for its files. */
    public static Charset charset() {
        String name = System.getProperty("stdout.encoding", System.getProperty("native.encoding", "US-ASCII"));
        return Charset.isSupported(name) ? Charset.forName(name) : Charset.defaultCharset();
    }

    /** The size now, or half a second ago. */
    public Size size() {
        long now = System.nanoTime();
        if (!asked || now - askedAt > SIZE_IS_FRESH_NANOS) {
            asked = true;
            askedAt = now;
            size = askSize();
        }
        return size;
    }

    private Size askSize() {
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(new File("/dev/tty"))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try (Scanner answer = new Scanner(stty.getInputStream(), Charset.defaultCharset())) {
                int rows = answer.hasNextInt() ? answer.nextInt() : 0;
                int columns = answer.hasNextInt() ? answer.nextInt() : 0;
                // A terminal that was never told its size says 0 0.
                return rows > 0 && columns > 0 ? new Size(columns, rows) : size;
            }
        } catch (IOException noTerminalOrNoCommand) {
            return size;
        }
    }
}
