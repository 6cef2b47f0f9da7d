package dev.sluice.perf.bench;

import dev.sluice.channel.Channel;
import dev.sluice.channel.SendResult;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * A Sluice channel. Producers and consumers are workers of one scheduler with a thread for each core, as goroutines are
 * of Go's: a consumer takes its messages over to its worker by {@code publishOn}.
 */
public class SluiceTransfer extends Transfer {
    /** 128 or, for rendezvous, 0. */
    @Param({"128", "0"})
    public int capacity = CAPACITY;

    private Scheduler workers = Schedulers.immediate();

    /** Starts the workers. */
    @Setup
    public void start() {
        workers = Schedulers.newParallel(
                "worker", Math.max(2, Runtime.getRuntime().availableProcessors()));
    }

    /** Stops the workers. */
    @TearDown
    public void stop() {
        workers.dispose();
    }

    /** Each producer sends all its messages by one {@code sendAll}. */
    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public void sendAll() {
        Channel<Payload> channel = Channel.create(capacity);
        Arrivals arrivals = consumeOnWorkers(channel);
        produceAll(channel);
        arrivals.await(expected());
    }

    /** As {@link #sendAll()}, and consumers take one message at a time over to their worker. */
    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public void sendAllLockstep() {
        Channel<Payload> channel = Channel.create(capacity);
        Arrivals arrivals = new Arrivals(consumers);
        for (int i = 0; i < consumers; i++) {
            channel.receive().publishOn(workers, 1).subscribe(arrivals.eager());
        }
        produceAll(channel);
        arrivals.await(expected());
    }

    /** As {@link #sendAll()}, and consumers run on the thread that made the match, asking for one message at a time. */
    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public void sendAllDirect() {
        Channel<Payload> channel = Channel.create(capacity);
        Arrivals arrivals = new Arrivals(consumers);
        for (int i = 0; i < consumers; i++) {
            channel.receive().subscribe(arrivals.oneByOne());
        }
        produceAll(channel);
        arrivals.await(expected());
    }

    /** A {@code send} for each message. */
    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public void send() {
        Channel<Payload> channel = Channel.create(capacity);
        Arrivals arrivals = consumeOnWorkers(channel);
        AtomicInteger left = new AtomicInteger(producers);
        for (int i = 0; i < producers; i++) {
            SendLoop loop = new SendLoop(channel, share, () -> leave(left, channel));
            workers.schedule(loop::run);
        }
        arrivals.await(expected());
    }

    /** A {@code trySend} for each message, again while the channel is full, so that every producer needs a thread. */
    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public void trySend() {
        Channel<Payload> channel = Channel.create(capacity);
        Arrivals arrivals = consumeOnWorkers(channel);
        AtomicInteger left = new AtomicInteger(producers);
        for (int i = 0; i < producers; i++) {
            threads.execute(() -> {
                for (Payload message : share) {
                    while (channel.trySend(message) == SendResult.FULL) {
                        giveWay();
                    }
                }
                leave(left, channel);
            });
        }
        arrivals.await(expected());
    }

    private Arrivals consumeOnWorkers(Channel<Payload> channel) {
        Arrivals arrivals = new Arrivals(consumers);
        for (int i = 0; i < consumers; i++) {
            channel.receive().publishOn(workers).subscribe(arrivals.eager());
        }
        return arrivals;
    }

    private void produceAll(Channel<Payload> channel) {
        AtomicInteger left = new AtomicInteger(producers);
        for (int i = 0; i < producers; i++) {
            channel.sendAll(Flux.fromArray(share))
                    .subscribeOn(workers)
                    .subscribe(sent -> {}, channel::close, () -> leave(left, channel));
        }
    }

    private static void leave(AtomicInteger left, Channel<Payload> channel) {
        if (left.decrementAndGet() == 0) {
            channel.close();
        }
    }
}
