package dev.sluice.perf.bench;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Moves messages from producers to consumers: one invocation starts both, and ends when every message has arrived. The
 * time of a message is the time of all of them by their number, whole system, start and end included.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public abstract class Transfer {
    /** Messages of an invocation: a multiple of every number of producers. */
    public static final int MESSAGES = 96_000;

    /** The capacity of all that is buffered. */
    static final int CAPACITY = 128;

    /** Producers x consumers. */
    @Param({"1x1", "4x4", "1000x1"})
    public String shape = "1x1";

    int messages = MESSAGES;
    int producers;
    int consumers;

    /** What one producer sends. */
    Payload[] share = {};

    /** For what blocks or tries again: a thread each. */
    ExecutorService threads = Executors.newCachedThreadPool();

    /** Reads the shape. */
    @Setup
    public void readShape() {
        int by = shape.indexOf('x');
        producers = Integer.parseInt(shape.substring(0, by));
        consumers = Integer.parseInt(shape.substring(by + 1));
        share = Payload.messages(Math.max(1, messages / producers));
    }

    /** Lets the threads go. */
    @TearDown
    public void stopThreads() {
        threads.shutdownNow();
    }

    /** What somebody does who has to try again: there may be more threads than cores. */
    @SuppressWarnings("ThreadPriorityCheck")
    static void giveWay() {
        Thread.yield();
    }

    final int expected() {
        return share.length * producers;
    }
}
