package dev.sluice.hub.cli.bench;

import dev.sluice.Frame;
import dev.sluice.channel.Channel;
import dev.sluice.hub.control.HubClient;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import reactor.core.Exceptions;

/**
 * How long a frame is under way, from the call of {@code send} to its receiver on another connection.
 *
 * <p>Without a rate each frame is sent when the one before has come. With one, a frame counts from the moment in which it was due, though it was sent
 * later because others were late: the wait of those who would have come meanwhile is not left out.
 */
public final class Latency implements Shape {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Frames under way at most; a hub that is slower than the rate gets them later, and they count from when they were due. */
    private static final int MOST_UNDER_WAY = 1_024;

    /** A thread that waits less than this does not sleep. */
    private static final long SHORT = 50_000;

    private final Period period;
    private final double rate;
    private final Numbering numbering;
    private final Channel<Frame> to;
    private final Reception reception;
    private final Semaphore free;
    private final Histogram times = Figure.histogram();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    /** By place, round and round: when each was due. */
    private final AtomicLong[] due = new AtomicLong[MOST_UNDER_WAY];

    private volatile long measuredFrom = Long.MAX_VALUE;

    /**
     * Frames that are not sent yet.
     *
     * @param rate how many a second; 0 for one at a time
     * @param size bytes of a frame
     * @param channel a name that nobody else uses
     */
    public Latency(Period period, double rate, int size, String channel, HubClient sender, HubClient receiver) {
        this.period = period;
        this.rate = rate;
        this.numbering = new Numbering(size);
        this.to = sender.channels().channel(channel);
        this.free = new Semaphore(atATime());
        for (int place = 0; place < due.length; place++) {
            due[place] = new AtomicLong();
        }
        this.reception = new Reception(numbering, this::came);
        reception.ended().subscribe(nothing -> {}, this::failed);
        receiver.channels().channel(channel).receive().subscribe(reception);
    }

    private void came(long place) {
        long began = due[(int) (place % MOST_UNDER_WAY)].get();
        if (began - measuredFrom >= 0) {
            Figure.record(times, System.nanoTime() - began);
        }
        free.release();
    }

    @Override
    public Outcome run() throws InterruptedException {
        Period.Clock clock = period.start();
        measuredFrom = clock.measuredFrom();
        long limit = period.share(0, 1);
        long sent = 0;
        while (sent < limit && !clock.isOver()) {
            long began = rate == 0 ? 0 : waitUntil(clock.began() + (long) (sent * 1e9 / rate));
            takeRoom();
            due[(int) (sent % MOST_UNDER_WAY)].set(rate == 0 ? System.nanoTime() : began);
            to.send(numbering.at(sent)).subscribe(nothing -> {}, this::failed);
            sent++;
        }
        double seconds = (System.nanoTime() - clock.measuredFrom()) / 1e9;
        finish();
        return outcome(sent, seconds);
    }

    private static long waitUntil(long moment) {
        long left = moment - System.nanoTime();
        while (left > 0) {
            if (left > SHORT) {
                LockSupport.parkNanos(left - SHORT);
            } else {
                Thread.onSpinWait();
            }
            left = moment - System.nanoTime();
        }
        return moment;
    }

    private void takeRoom() throws InterruptedException {
        if (!free.tryAcquire(PATIENCE.toNanos(), TimeUnit.NANOSECONDS)) {
            fail();
            throw Exceptions.propagate(new TimeoutException("nothing has come for " + PATIENCE.toSeconds()
                    + " s, after " + done() + " frames: is the hub still there?"));
        }
        fail();
    }

    /** Who waits for room hears of it at once. */
    private void failed(Throwable first) {
        failure.compareAndSet(null, first);
        free.release(atATime());
    }

    private void fail() {
        Throwable failed = failure.get();
        if (failed != null) {
            throw Exceptions.propagate(failed);
        }
    }

    /** The receiver gets what is left, and ends. What does not come in time is lost. */
    private void finish() throws InterruptedException {
        // A send that is not accepted yet would be refused by a channel that is closed.
        free.tryAcquire(atATime(), PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
        fail();
        to.close();
        reception
                .ended()
                .timeout(PATIENCE)
                .onErrorComplete(TimeoutException.class)
                .block();
    }

    private int atATime() {
        return rate == 0 ? 1 : MOST_UNDER_WAY;
    }

    private Outcome outcome(long sent, double seconds) {
        long received = reception.received();
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("sent", sent);
        figures.put("received", received);
        figures.put("lost", Math.max(0, sent - received));
        figures.put("doubled", Math.max(0, received - sent));
        figures.put("misplaced", reception.misplaced());
        figures.put("measuredFrames", times.getTotalCount());
        figures.put("measuredSeconds", Figure.of(seconds));
        figures.put("framesPerSecond", Figure.of(times.getTotalCount() / seconds));
        Figure.putPercentiles(figures, times);
        return new Outcome(figures, sent == received && reception.misplaced() == 0);
    }

    @Override
    public long done() {
        return reception.received();
    }
}
