package dev.sluice.samples.demo;

import java.util.List;

/**
 * What there is to see at one moment.
 *
 * @param seconds since the start
 * @param cycle from 1
 * @param services a line each
 * @param buffered elements that wait in the channel
 * @param capacity how many may
 * @param sinkhole what becomes of elements that are diverted
 * @param balance the books so far; what it calls lost may still be on its way
 */
record Scene(
        double seconds,
        int cycle,
        List<Service> services,
        long buffered,
        int capacity,
        String sinkhole,
        Balance balance) {

    /**
     * A service at one moment.
     *
     * @param name its name
     * @param target where its elements go, or what it does instead
     * @param mood how to show the target
     * @param rate elements per second, over the last second
     * @param fill how much of its bar is filled, from 0 to 1
     * @param news what just happened to it
     */
    record Service(String name, String target, Mood mood, long rate, double fill, String news) {}

    /** What a target means. */
    enum Mood {
        NORMAL,
        DIVERTED,
        EXCLUSIVE,
        DEAD
    }
}
