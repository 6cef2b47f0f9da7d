package dev.sluice.hub.cli.bench;

/** One shape of load. It is run once. */
public interface Shape {

    /**
     * Runs it. Blocks until it is over, and everything that was sent has arrived or is known not to.
     *
     * @return what was measured
     */
    Outcome run() throws InterruptedException;

    /** What has been done so far, for a progress line. Any thread may ask. */
    long done();
}
