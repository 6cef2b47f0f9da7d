package dev.sluice.etcd;

import java.util.concurrent.TimeUnit;

/** When something was. */
record Moment(long nanos, long millis) {

    static Moment now() {
        return new Moment(System.nanoTime(), System.currentTimeMillis());
    }

    /** Nanoseconds since then, those too that the machine slept, which only the calendar knows of. */
    long ago() {
        return Math.max(System.nanoTime() - nanos, TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis() - millis));
    }
}
