package dev.sluice.perf.pipes;

/** One way to send to all groups there are. */
interface Sending {
    /** Where members find it. */
    String place();

    /**
     * Waits until all members are there.
     *
     * @throws InterruptedException when it is not to wait any more
     */
    void awaitMembers() throws InterruptedException;

    /**
     * Sends until a moment, as fast as they are taken.
     *
     * @param until the moment, by {@link System#nanoTime()}
     * @return how many frames were sent
     * @throws Exception when it cannot go on
     */
    long send(long until) throws Exception;
}
