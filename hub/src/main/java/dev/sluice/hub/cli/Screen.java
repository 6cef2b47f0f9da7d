package dev.sluice.hub.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Objects;

/**
 * Draws every picture over the last one, on the terminal's alternate screen: there lines do not reflow when the terminal is resized, and what the
 * user had on the screen is back at the end. Thread safe, so that whoever ends the process can close it while somebody draws.
 */
public final class Screen implements AutoCloseable {

    private static final String ENTER = "\u001b[?1049h\u001b[?25l\u001b[?7l\u001b[2J";
    private static final String LEAVE = "\u001b[0m\u001b[?7h\u001b[?25h\u001b[?1049l";
    private static final String CLEAR_LINE = "\u001b[2K";
    private static final String CLEAR_BELOW = "\u001b[J";

    private final PrintWriter out;
    private boolean entered;
    private boolean closed;

    /**
     * A screen that takes the terminal over with the first picture.
     *
     * @param out what the terminal is behind
     */
    public Screen(PrintWriter out) {
        this.out = Objects.requireNonNull(out, "out");
    }

    /**
     * Draws a picture, unless the screen is closed.
     *
     * @param lines from the top; what is below the last row is left out, and what is too long for a row the terminal cuts
     * @param rows how many the terminal has
     */
    public synchronized void show(List<String> lines, int rows) {
        if (closed) {
            return;
        }
        StringBuilder picture = new StringBuilder();
        if (!entered) {
            entered = true;
            picture.append(ENTER);
        }
        int shown = Math.min(lines.size(), rows);
        for (int row = 0; row < shown; row++) {
            picture.append(moveTo(row)).append(CLEAR_LINE).append(lines.get(row));
        }
        if (shown < rows) {
            picture.append(moveTo(shown)).append(CLEAR_BELOW);
        }
        out.print(picture);
        out.flush();
    }

    private static String moveTo(int row) {
        return "\u001b[" + (row + 1) + ";1H";
    }

    /** Gives the terminal back as it was. Idempotent; nothing is drawn any more. */
    @Override
    public synchronized void close() {
        if (entered && !closed) {
            out.print(LEAVE);
            out.flush();
        }
        closed = true;
    }
}
