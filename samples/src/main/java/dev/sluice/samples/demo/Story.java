package dev.sluice.samples.demo;

import dev.sluice.samples.demo.Scene.Mood;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Plays the firmware update: calm, a flash that is completed, calm, a flash whose updater is killed, calm.
 *
 * <p>Used by one thread, but for {@link #stop()}.
 */
final class Story {

    private static final Duration LOOK_EVERY = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration PATIENCE_WITH_A_FLASH = Duration.ofSeconds(60);

    private final Plan plan;
    private final Display display;
    private final Mesh mesh;
    private final Onlooker onlooker;
    private final List<String> problems = new ArrayList<>();
    private final long started = System.nanoTime();
    private int cycle;
    private volatile boolean stopping;

    Story(Stage.Maker stage, Plan plan, Display display) {
        this.plan = plan;
        this.display = display;
        this.mesh = new Mesh(stage, plan);
        this.onlooker = new Onlooker(mesh, plan);
    }

    /**
     * How it went.
     *
     * @param balance of all elements
     * @param cycles how many were played to their end
     * @param seconds how long it took
     * @param problems what did not happen that should have
     */
    record Ending(Balance balance, int cycles, double seconds, List<String> problems) {

        boolean isGood() {
            return balance.isClean() && problems.isEmpty();
        }
    }

    /** Ends the story as soon as it can be ended; from any thread. */
    void stop() {
        stopping = true;
    }

    /** Plays to the end: after one cycle, or when it is stopped. */
    Ending play() throws InterruptedException {
        try (mesh) {
            return playOpen();
        }
    }

    private Ending playOpen() throws InterruptedException {
        mesh.start();
        if (!mesh.stage().place().isEmpty()) {
            say("hub", "at " + mesh.stage().place() + ", everybody a client of it with a connection of its own");
        }
        say("grpc", "and " + plan.sensors() + " sensors send to mesh, " + plan.rate() + " a second each");
        int completed = 0;
        do {
            cycle++;
            completed += playCycle() ? 1 : 0;
        } while (!plan.once() && !stopping && problems.isEmpty());
        Balance balance = mesh.stop(problems);
        display.show(onlooker.look(seconds(), cycle));
        return new Ending(balance, completed, seconds(), problems);
    }

    private boolean playCycle() throws InterruptedException {
        return calm() && flash() && calm() && crash() && calm();
    }

    private boolean calm() throws InterruptedException {
        long end = System.nanoTime() + plan.pace().toNanos();
        return until(() -> System.nanoTime() >= end, PATIENCE.plus(plan.pace()), "the calm ends");
    }

    private boolean flash() throws InterruptedException {
        begin();
        if (!until(() -> !mesh.updater().isWorking(), PATIENCE_WITH_A_FLASH, "the flash ends")) {
            return false;
        }
        if (failed()) {
            return false;
        }
        tell("-", Mood.NORMAL, "flashed " + mesh.updater().written() + ", gave mesh back");
        return until(mesh::isShared, PATIENCE, "the others send to mesh again");
    }

    private boolean crash() throws InterruptedException {
        begin();
        Updater updater = mesh.updater();
        BooleanSupplier half = () -> updater.written() >= plan.packets() / 2;
        if (!until(
                () -> half.getAsBoolean() || !updater.isWorking(), PATIENCE_WITH_A_FLASH, "half a flash is written")) {
            return false;
        }
        if (failed()) {
            return false;
        }
        updater.kill();
        tell("killed", Mood.DEAD, "killed at packet " + updater.written() + " of " + plan.packets());
        Ledger ledger = mesh.ledger();
        if (!until(() -> ledger.backSinceCrash() == mesh.names().size(), PATIENCE, "the others come back")) {
            return false;
        }
        // All accepted while the flash had the channel came before what the others sent since.
        ledger.readerIsPast();
        long millis = TimeUnit.NANOSECONDS.toMillis(ledger.restoredNanos());
        tell("killed", Mood.DEAD, "others back after " + millis + " ms");
        return true;
    }

    private boolean failed() {
        Throwable failure = mesh.updater().failure();
        if (failure != null) {
            problems.add("the updater failed: " + failure);
        }
        return failure != null;
    }

    private void begin() {
        mesh.updater().start();
        onlooker.updater(Mesh.NAME, Mood.EXCLUSIVE, "");
        say(Updater.NAME, "takes mesh for itself, flash " + mesh.updater().flash() + ": the others go to the sinkhole");
    }

    /** Looks on until something is so; false when it was not in time, or the story is to end. */
    private boolean until(BooleanSupplier condition, Duration limit, String what) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (stopping) {
                return false;
            }
            if (System.nanoTime() >= deadline) {
                problems.add(String.format(Locale.ROOT, "waited %d s in vain until %s", limit.toSeconds(), what));
                return false;
            }
            display.show(onlooker.look(seconds(), cycle));
            if (display.isGone()) {
                stop();
            }
            TimeUnit.NANOSECONDS.sleep(LOOK_EVERY.toNanos());
        }
        return !stopping;
    }

    private void tell(String target, Mood mood, String news) {
        onlooker.updater(target, mood, news);
        say(Updater.NAME, news);
    }

    private void say(String who, String what) {
        display.say(seconds(), who, what);
    }

    private double seconds() {
        return (System.nanoTime() - started) / 1e9;
    }
}
