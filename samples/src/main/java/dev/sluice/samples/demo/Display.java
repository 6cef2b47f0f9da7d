package dev.sluice.samples.demo;

/** Shows the demo. Used by one thread. */
interface Display extends AutoCloseable {

    /** Something happened. */
    void say(double seconds, String who, String what);

    /** What there is to see now; called about ten times a second. */
    void show(Scene scene);

    /** Whether nobody looks any more: the other end of the pipe is gone. */
    boolean isGone();

    /** Leaves the terminal as it was found. Idempotent. */
    @Override
    void close();
}
