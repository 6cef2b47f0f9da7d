package dev.sluice.samples.demo;

import dev.sluice.hub.cli.Terminal;
import java.io.PrintWriter;
import java.util.Locale;

/** A line for everything that happens, and one a second for the state: for pipes, logs and dumb terminals. */
final class PlainDisplay implements Display {

    private final PrintWriter out;
    private int shownSecond;

    PlainDisplay(PrintWriter out) {
        this.out = out;
    }

    @Override
    public void say(double seconds, String who, String what) {
        out.printf(Locale.ROOT, "%6.2f s  %-10s %s%n", seconds, who, what);
    }

    @Override
    public void show(Scene scene) {
        if ((int) scene.seconds() > shownSecond) {
            shownSecond = (int) scene.seconds();
            long diverted = rate(scene, Scene.Mood.DIVERTED);
            long all = scene.services().stream().mapToLong(Scene.Service::rate).sum();
            say(
                    scene.seconds(),
                    "",
                    String.format(
                            Locale.ROOT,
                            "mesh %d/s, %s %d/s, received %d, discarded %d",
                            all - diverted,
                            scene.sinkhole(),
                            diverted,
                            scene.balance().received(),
                            scene.balance().discarded()));
        }
    }

    private static long rate(Scene scene, Scene.Mood mood) {
        return scene.services().stream()
                .filter(service -> service.mood() == mood)
                .mapToLong(Scene.Service::rate)
                .sum();
    }

    @Override
    public boolean isGone() {
        return Terminal.isGone(out);
    }

    @Override
    public void close() {
        out.flush();
    }
}
