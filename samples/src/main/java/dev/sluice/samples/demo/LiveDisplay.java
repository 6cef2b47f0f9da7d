package dev.sluice.samples.demo;

import dev.sluice.hub.cli.Screen;
import dev.sluice.hub.cli.Terminal;
import java.io.PrintWriter;

/** Draws every scene over the last one, on the {@linkplain Screen whole screen}. */
final class LiveDisplay implements Display {

    private final PrintWriter out;
    private final Terminal terminal;
    private final Layout layout;
    private final Screen screen;

    LiveDisplay(PrintWriter out, Terminal terminal, Layout layout) {
        this.out = out;
        this.terminal = terminal;
        this.layout = layout;
        this.screen = new Screen(out);
    }

    /** Nothing of its own: what happened to a service stands in its line. */
    @Override
    public void say(double seconds, String who, String what) {}

    @Override
    public void show(Scene scene) {
        Terminal.Size size = terminal.size();
        screen.show(layout.lines(scene, size.columns(), size.rows()), size.rows());
    }

    @Override
    public boolean isGone() {
        return Terminal.isGone(out);
    }

    @Override
    public void close() {
        screen.close();
    }
}
