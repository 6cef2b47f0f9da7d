package dev.sluice.channel;

import java.time.Duration;

/**
 * Which elements a channel keeps after they are accepted, for listeners and groups that come later.
 *
 * <p>Elements that still wait for a group are not affected: retention never takes an element from a receiver.
 */
public sealed interface Retention {

    /** Keeps nothing. The default. */
    static Retention none() {
        return None.INSTANCE;
    }

    /** Keeps everything: the channel grows with what is sent. */
    static Retention all() {
        return All.INSTANCE;
    }

    /** Keeps the last {@code count} elements. */
    static Retention last(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("retention count must be 1 or more, was " + count);
        }
        return new Last(count);
    }

    /**
     * Keeps the newest elements that together have at most {@code limit} bytes. For channels of {@link
     * dev.sluice.Frame}s or {@code byte[]}s: anything else is refused when it is sent.
     */
    static Retention bytes(long limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("retention bytes must be 1 or more, was " + limit);
        }
        return new Bytes(limit);
    }

    /** Keeps elements for a time after they were accepted. */
    static Retention forLast(Duration age) {
        if (age.isZero() || age.isNegative() || age.compareTo(Durations.LONGEST) > 0) {
            throw new IllegalArgumentException("retention time must be more than 0 and at most " + Durations.LONGEST
                    + ", was " + age + ": use Retention.all() to keep everything");
        }
        return new Age(age);
    }

    /** See {@link Retention#none()}. */
    enum None implements Retention {
        INSTANCE
    }

    /** See {@link Retention#all()}. */
    enum All implements Retention {
        INSTANCE
    }

    /** See {@link Retention#last(int)}. */
    record Last(int count) implements Retention {}

    /** See {@link Retention#bytes(long)}. */
    record Bytes(long limit) implements Retention {}

    /** See {@link Retention#forLast(Duration)}. */
    record Age(Duration age) implements Retention {}
}
