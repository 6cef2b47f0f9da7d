package dev.sluice.samples.demo;

import dev.sluice.channel.Sender;
import org.jspecify.annotations.Nullable;

/** A service on a thread of its own. It knows its sender and nothing of targets, leases or updaters. */
final class Producer {

    private final Thread thread;
    private volatile boolean stopped;
    private volatile @Nullable Throwable failure;

    Producer(String name, int service, Sender<Message> sender, Ledger ledger, int rate) {
        thread = new Thread(() -> work(sender, new Courier(ledger, service, rate)), name);
        thread.setDaemon(true);
    }

    private void work(Sender<Message> sender, Courier courier) {
        try {
            while (!stopped) {
                courier.await();
                courier.send(sender, 0);
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
