package dev.sluice.samples.demo;

import dev.sluice.switching.LeaseExpiredException;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Takes the channel for itself, writes a flash of packets in an unbroken run, and gives the channel back. It may be
 * killed at any moment.
 */
final class Updater {

    static final String NAME = "updater";

    private static final long RENEW_NANOS = Plan.LEASE.toNanos() / 5;
    private static final int ATTEMPTS = 3;

    private final Stage stage;
    private final Ledger ledger;
    private final int service;
    private final int packets;
    private final double packetsPerSecond;

    private final AtomicInteger flash = new AtomicInteger();
    private final AtomicInteger written = new AtomicInteger();
    private volatile boolean working;
    private volatile @Nullable Throwable failure;
    private volatile Stage.@Nullable Lease held;
    private @Nullable Thread thread;

    Updater(Stage stage, Ledger ledger, int service, Plan plan) {
        this.stage = stage;
        this.ledger = ledger;
        this.service = service;
        this.packets = plan.packets();
        this.packetsPerSecond = plan.packets() / (2 * plan.pace().toMillis() / 1e3);
    }

    /** Starts the next flash on a thread of its own. */
    void start() {
        // In this order, as below: who sees the next flash does not see how far the one before was.
        written.set(0);
        flash.incrementAndGet();
        failure = null;
        working = true;
        Thread next = new Thread(this::work, NAME + "-" + flash());
        next.setDaemon(true);
        thread = next;
        next.start();
    }

    /** Kills the thread where it is: nothing below gives the channel back. */
    void kill() {
        Thread victim = Objects.requireNonNull(thread, "no flash was started");
        ledger.crashed(flash());
        die(victim);
    }

    /** The connections go first: a process that is killed says nothing more. */
    private void die(Thread victim) {
        abandon();
        victim.interrupt();
    }

    private void abandon() {
        Stage.Lease last = held;
        if (last != null) {
            last.abandon();
        }
    }

    private void work() {
        try {
            for (int attempt = 1; ; attempt++) {
                try {
                    write();
                    break;
                } catch (LeaseExpiredException stalled) {
                    // The machine stood still for longer than the lease lasts: half a flash is none.
                    if (attempt == ATTEMPTS) {
                        throw stalled;
                    }
                    written.set(0);
                    flash.incrementAndGet();
                }
            }
        } catch (InterruptedException killed) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException failed) {
            failure = Thread.currentThread().isInterrupted() ? null : failed;
        } finally {
            // Whatever it got in the moment it was killed.
            abandon();
            working = false;
        }
    }

    /**
     * Careless on purpose: a program closes its lease in a finally block, or leaves that to {@link
     * dev.sluice.switching.ServiceRegistry#withExclusive}. A process that is killed does neither, so this one does not.
     */
    private void write() throws InterruptedException {
        abandon();
        Stage.Lease granted = stage.lease();
        held = granted;
        Courier courier = new Courier(ledger, service, packetsPerSecond);
        long renewed = System.nanoTime();
        for (written.set(0); written.get() < packets; written.incrementAndGet()) {
            courier.await();
            courier.send(granted.way(), flash());
            if (System.nanoTime() - renewed > RENEW_NANOS) {
                renewed = System.nanoTime();
                granted.renew();
            }
        }
        granted.close();
    }

    /** Whether a flash is under way. */
    boolean isWorking() {
        return working;
    }

    /** The number of the last flash. */
    int flash() {
        return flash.get();
    }

    /** How many of its packets are written. */
    int written() {
        return written.get();
    }

    /** Why the last flash failed; being killed is no failure. */
    @Nullable Throwable failure() {
        return failure;
    }

    /** Kills a flash that is under way at the end of the demo, and waits for its end. */
    boolean join(long millis) throws InterruptedException {
        Thread last = thread;
        if (last == null) {
            return true;
        }
        die(last);
        last.join(millis);
        return !last.isAlive();
    }
}
