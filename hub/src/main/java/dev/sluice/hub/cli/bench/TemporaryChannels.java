package dev.sluice.hub.cli.bench;

import dev.sluice.channel.ChannelOptions;
import dev.sluice.channel.Channels;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import reactor.core.publisher.Flux;

/** Channels of a hub that go when they are closed, and also when the process is told to end meanwhile. Blocks. */
public final class TemporaryChannels implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(5);

    /** Bytes that may wait in one channel. */
    private static final int WAITING = 4 << 20;

    private final Channels channels;
    private final List<String> names = new ArrayList<>();
    private final Thread hook = new Thread(this::interrupt, "bench-channels");
    private volatile boolean interrupted;

    /**
     * Creates channels {@code bench/RANDOM/1} and so on.
     *
     * @param channels where
     * @param count how many
     * @param frameSize of the frames that they are for: some wait, and not too many bytes
     */
    public TemporaryChannels(Channels channels, int count, int frameSize) {
        this.channels = channels;
        Runtime.getRuntime().addShutdownHook(hook);
        String prefix = "bench/" + Long.toHexString(new SecureRandom().nextLong() | Long.MIN_VALUE) + "/";
        int capacity = Math.max(1, Math.min(ChannelOptions.DEFAULT_CAPACITY, WAITING / frameSize));
        ChannelOptions options = ChannelOptions.builder().capacity(capacity).build();
        try {
            for (int number = 1; number <= count; number++) {
                create(prefix + number, options);
            }
        } catch (RuntimeException failure) {
            close();
            throw failure;
        }
    }

    /** What is being created when the process is told to end is created, and then deleted; nothing else is from then on. */
    private synchronized void create(String name, ChannelOptions options) {
        if (interrupted) {
            return;
        }
        synchronized (names) {
            names.add(name);
        }
        channels.create(name, options).block();
    }

    /** All of them. */
    public List<String> names() {
        synchronized (names) {
            return List.copyOf(names);
        }
    }

    /** Whether the process was told to end: then failures have nothing to tell. */
    public boolean interrupted() {
        return interrupted;
    }

    private void interrupt() {
        interrupted = true;
        delete();
    }

    private synchronized void delete() {
        Flux.fromIterable(names())
                .flatMap(name -> channels.delete(name).onErrorComplete(), 64)
                .then()
                .timeout(LIMIT)
                .onErrorComplete()
                .block();
        synchronized (names) {
            names.clear();
        }
    }

    /** Deletes them. */
    @Override
    public void close() {
        delete();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException ending) {
            // It runs, or has run.
        }
    }
}
