package dev.sluice.samples.demo;

import java.io.PrintWriter;
import java.util.List;

/**
 * Draws every scene over the last one, on the terminal's alternate screen: there lines do not reflow when the terminal is
 * resized, and what the user had on the screen is back at the end.
 */
final class LiveDisplay implements Display {

    private static final String ENTER = "\u001b[?1049h\u001b[?25l\u001b[?7l\u001b[2J";
    private static final String LEAVE = "\u001b[0m\u001b[?7h\u001b[?25h\u001b[?1049l";
    private static final String CLEAR_LINE = "\u001b[2K";
    private static final String CLEAR_BELOW = "\u001b[J";

    private final PrintWriter out;
    private final Terminal terminal;
    private final Layout layout;
    private boolean entered;
    private boolean closed;

    LiveDisplay(PrintWriter out, Terminal terminal, Layout layout) {
        this.out = out;
        this.terminal = terminal;
        this.layout = layout;
    }

    /** Nothing of its own: what happened to a service stands in its line. */
    @Override
    public void say(double seconds, String who, String what) {}

    @Override
    public synchronized void show(Scene scene) {
        if (closed) {
            return;
        }
        StringBuilder picture = new StringBuilder();
        if (!entered) {
            entered = true;
            picture.append(ENTER);
        }
        Terminal.Size size = terminal.size();
        List<String> lines = layout.lines(scene, size.columns(), size.rows());
        for (int row = 0; row < lines.size(); row++) {
            picture.append(moveTo(row)).append(CLEAR_LINE).append(lines.get(row));
        }
        if (lines.size() < size.rows()) {
            picture.append(moveTo(lines.size())).append(CLEAR_BELOW);
        }
        out.print(picture);
        out.flush();
    }

    private static String moveTo(int row) {
        return "\u001b[" + (row + 1) + ";1H";
    }

    @Override
    public boolean isGone() {
        return Terminal.isGone(out);
    }

    @Override
    public synchronized void close() {
        if (entered && !closed) {
            out.print(LEAVE);
            out.flush();
        }
        closed = true;
    }
}
