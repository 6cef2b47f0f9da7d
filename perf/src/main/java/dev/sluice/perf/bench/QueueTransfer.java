package dev.sluice.perf.bench;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jctools.queues.MessagePassingQueue;
import org.jctools.queues.MpmcArrayQueue;
import org.jctools.queues.SpscArrayQueue;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;

/**
 * Queues between threads that block, or try again after a yield. Every producer and consumer is a thread, so there is no
 * 1000x1 of these.
 */
public class QueueTransfer extends Transfer {
    private static final Payload END = new Payload(-1);

    private interface Put {
        void put(Payload message) throws InterruptedException;
    }

    private interface Take {
        Payload take() throws InterruptedException;
    }

    /** Blocks at both ends. */
    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public void arrayBlockingQueue() {
        block(new ArrayBlockingQueue<>(CAPACITY));
    }

    /** The rendezvous of the JDK: blocks at both ends. */
    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public void synchronousQueue() {
        block(new SynchronousQueue<>());
    }

    /** Tries again at both ends. */
    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public void jctoolsMpmc() {
        retry(new MpmcArrayQueue<>(CAPACITY));
    }

    /** Tries again at both ends; one producer and one consumer only. */
    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public void jctoolsSpsc() {
        if (producers != 1 || consumers != 1) {
            throw new IllegalArgumentException("an SPSC queue has one producer and one consumer, not " + shape);
        }
        retry(new SpscArrayQueue<>(CAPACITY));
    }

    private void block(BlockingQueue<Payload> queue) {
        move(queue::put, queue::take);
    }

    private void retry(MessagePassingQueue<Payload> queue) {
        Put put = message -> {
            while (!queue.relaxedOffer(message)) {
                giveWay();
            }
        };
        Take take = () -> {
            Payload message = queue.relaxedPoll();
            while (message == null) {
                giveWay();
                message = queue.relaxedPoll();
            }
            return message;
        };
        move(put, take);
    }

    private void move(Put put, Take take) {
        Arrivals arrivals = new Arrivals(consumers);
        AtomicInteger left = new AtomicInteger(producers);
        for (int i = 0; i < consumers; i++) {
            threads.execute(() -> consume(take, arrivals));
        }
        for (int i = 0; i < producers; i++) {
            threads.execute(() -> produce(put, left, arrivals));
        }
        arrivals.await(expected());
    }

    private static void consume(Take take, Arrivals arrivals) {
        try {
            long count = 0;
            while (take.take() != END) {
                count++;
            }
            arrivals.end(count);
        } catch (InterruptedException e) {
            arrivals.fail(e);
        }
    }

    private void produce(Put put, AtomicInteger left, Arrivals arrivals) {
        try {
            for (Payload message : share) {
                put.put(message);
            }
            if (left.decrementAndGet() == 0) {
                for (int i = 0; i < consumers; i++) {
                    put.put(END);
                }
            }
        } catch (InterruptedException e) {
            arrivals.fail(e);
        }
    }
}
