package dev.sluice.hub.cli.bench;

import dev.sluice.channel.ChannelOptions;
import dev.sluice.channel.Channels;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import reactor.core.publisher.Flux;

/** Channels of a hub that go when they are closed, and also when the process is told to end meanwhile. Blocks. */
public final class TemporaryChannels implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(5);

    /** Bytes that may wait in one channel. */
    private static final int WAITING = 4 << 20;

    private final Channels channels;
    private final List<String> names = new ArrayList<>();

    /** One creates or deletes at a time. */
    private final ReentrantLock turn = new ReentrantLock();

    private final Thread hook = new Thread(this::interrupt, "bench-channels");
    private volatile boolean interrupted;

    /** None yet. */
    public TemporaryChannels(Channels channels) {
        this.channels = channels;
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /**
     * Creates channels {@code bench/RANDOM/1} and so on; fails when the process is told to end meanwhile.
     *
     * @param count how many
     * @param frameSize of the frames that they are for: some wait, and not too many bytes
     */
    public void create(int count, int frameSize) {
        String prefix = "bench/" + Long.toHexString(new SecureRandom().nextLong() | Long.MIN_VALUE) + "/";
        int capacity = Math.max(1, Math.min(ChannelOptions.DEFAULT_CAPACITY, WAITING / frameSize));
        ChannelOptions options = ChannelOptions.builder().capacity(capacity).build();
        for (int number = 1; number <= count; number++) {
            create(prefix + number, options);
        }
    }

    /** What is being created when the process is told to end is created, and then deleted; nothing else is from then on. */
    private void create(String name, ChannelOptions options) {
        turn.lock();
        try {
            if (interrupted) {
                throw new IllegalStateException("the process was told to end");
            }
            synchronized (names) {
                names.add(name);
            }
            channels.create(name, options).block();
        } finally {
            turn.unlock();
        }
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
        try {
            // A hub that does not answer keeps nobody from ending.
            if (turn.tryLock(LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                try {
                    delete();
                } finally {
                    turn.unlock();
                }
            }
        } catch (InterruptedException atOnce) {
            Thread.currentThread().interrupt();
        }
    }

    /** With the turn. */
    private void delete() {
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
        turn.lock();
        try {
            delete();
        } finally {
            turn.unlock();
        }
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException ending) {
            // It runs, or has run.
        }
    }
}
