package dev.sluice.samples.demo;

import org.jspecify.annotations.Nullable;

/** A service on a thread of its own. It knows its way out and nothing of targets, leases or updaters. */
final class Producer {

    private final Thread thread;
    private volatile boolean stopped;
    private volatile @Nullable Throwable failure;

    Producer(String name, int service, Stage.Way way, Ledger ledger, int rate) {
        thread = new Thread(() -> work(way, new Courier(ledger, service, rate)), name);
        thread.setDaemon(true);
    }

    private void work(Stage.Way way, Courier courier) {
        try {
            while (!stopped) {
                courier.await();
                courier.send(way, 0);
            }
        } catch (InterruptedException stoppedWhileWaiting) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException noticed) {
            failure = noticed;
        }
    }

    void start() {
        thread.start();
    }

    /** Stops after the element it is about to send. */
    void stop() {
        stopped = true;
    }

    /** Why a send of this service failed, which none should. */
    @Nullable Throwable failure() {
        return failure;
    }

    /** Waits for the end; false when the service does not come to one, because its send never completes. */
    boolean join(long millis) throws InterruptedException {
        thread.join(millis);
        return !thread.isAlive();
    }
}
