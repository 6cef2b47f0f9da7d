package dev.sluice.samples.demo;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets a program that is ended by a signal, as by Ctrl-C, say its last words. The exit code is the signal's all the same:
 * 130 for Ctrl-C.
 */
final class GracefulEnd {

    private static final long PATIENCE_SECONDS = 8;

    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread hook;

    private GracefulEnd(Runnable stop, Runnable cleanUp) {
        hook = new Thread(
                () -> {
                    stop.run();
                    try {
                        if (!ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                            cleanUp.run();
                        }
                    } catch (InterruptedException notByUs) {
                        Thread.currentThread().interrupt();
                    }
                },
                "graceful-end");
    }

    /**
     * Watches for a signal to end the process, until the program has {@linkplain #reached() reached} its end by itself.
     *
     * @param stop asks the program to come to its end, soon
     * @param cleanUp what must be done even when it does not
     */
    static GracefulEnd onSignal(Runnable stop, Runnable cleanUp) {
        GracefulEnd end = new GracefulEnd(stop, cleanUp);
        Runtime.getRuntime().addShutdownHook(end.hook);
        return end;
    }

    /** The program has come to its end. */
    void reached() {
        ended.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException signalled) {
            // The process ends already; the hook runs, and has seen that all is said.
        }
    }
}
