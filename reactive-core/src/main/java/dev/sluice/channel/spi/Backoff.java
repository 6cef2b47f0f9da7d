package dev.sluice.channel.spi;

/**
 * Waits for somebody who is a few steps from done: spins, then yields the processor, so that a thread which lost it in
 * the middle of those steps gets it back. Never parks.
 */
public final class Backoff {
    private static final int SPINS = 64;

    private Backoff() {}

    /**
     * Waits a moment.
     *
     * @param turns how often this was called in a row
     * @return one more
     */
    @SuppressWarnings("ThreadPriorityCheck")
    public static int pause(int turns) {
        if (turns < SPINS) {
            Thread.onSpinWait();
        } else {
            Thread.yield();
        }
        return turns + 1;
    }
}
