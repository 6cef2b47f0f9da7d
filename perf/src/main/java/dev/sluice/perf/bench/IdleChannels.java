package dev.sluice.perf.bench;

import dev.sluice.channel.ChannelOptions;
import dev.sluice.channel.Channels;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * What a channel costs that nobody uses: creates so many named ones, lists them, and prints the bytes of heap of each,
 * its name and its place in the registry included. The entry point of a process of its own.
 */
public final class IdleChannels {
    private static final int COLLECTIONS = 3;

    private IdleChannels() {}

    /**
     * Measures.
     *
     * @param args what ({@code sluice} or {@code arrayBlockingQueue}), and how many
     */
    public static void main(String... args) {
        int count = Integer.parseInt(args[1]);
        double bytes = "sluice".equals(args[0]) ? sluice(count) : queues(count);
        System.out.printf("result %.1f%n", bytes);
    }

    /** Bytes of one of so many Sluice channels. */
    static double sluice(int count) {
        Channels channels = Channels.inMemory(
                ChannelOptions.builder().capacity(Transfer.CAPACITY).build());
        channels.channel("first");
        long before = used();
        for (int i = 0; i < count; i++) {
            channels.channel(name(i));
        }
        long after = used();
        Long listed = channels.list("channels/idle").count().block();
        if (listed == null || listed != count) {
            throw new IllegalStateException("created " + count + " channels and listed " + listed);
        }
        return (double) (after - before) / count;
    }

    private static double queues(int count) {
        ConcurrentSkipListMap<String, ArrayBlockingQueue<Payload>> queues = new ConcurrentSkipListMap<>();
        long before = used();
        for (int i = 0; i < count; i++) {
            queues.put(name(i), new ArrayBlockingQueue<>(Transfer.CAPACITY));
        }
        long after = used();
        if (queues.size() != count) {
            throw new IllegalStateException("created " + count + " queues and found " + queues.size());
        }
        return (double) (after - before) / count;
    }

    private static String name(int number) {
        return "channels/idle/" + number;
    }

    private static long used() {
        Runtime runtime = Runtime.getRuntime();
        for (int i = 0; i < COLLECTIONS; i++) {
            runtime.gc();
        }
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
