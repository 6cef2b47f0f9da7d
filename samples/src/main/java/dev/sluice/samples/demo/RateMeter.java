package dev.sluice.samples.demo;

import java.util.ArrayDeque;
import java.util.Deque;

/** Turns readings of a counter into a rate over the last second. Used by one thread. */
final class RateMeter {

    private static final double SECOND = 1e9;

    private final Deque<Point> points = new ArrayDeque<>();

    private record Point(long nanoTime, long count) {}

    /** The rate per second, given the counter as it is now. */
    long perSecond(long nanoTime, long count) {
        points.addLast(new Point(nanoTime, count));
        while (points.size() > 2 && nanoTime - points.getFirst().nanoTime() > SECOND) {
            points.removeFirst();
        }
        Point first = points.getFirst();
        double seconds = (nanoTime - first.nanoTime()) / SECOND;
        return seconds == 0 ? 0 : Math.round((count - first.count()) / seconds);
    }
}
