package dev.sluice.perf.bench;

import dev.sluice.channel.Channel;
import dev.sluice.channel.SendResult;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jctools.queues.MpmcArrayQueue;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import reactor.core.publisher.Sinks;
import reactor.util.concurrent.Queues;

/**
 * Sends that never wait, on one thread: fills a buffer, then takes everything out again. The cost of the two operations
 * when no other thread is in the way, and what they allocate.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class TrySend {
    /** Messages of an invocation. */
    public static final int MESSAGES = Transfer.CAPACITY;

    private final Payload[] messages = Payload.messages(MESSAGES);
    private final KotlinChannels kotlin = new KotlinChannels();
    private final Taker fromChannel = new Taker();
    private final Taker fromSink = new Taker();
    private final Channel<Payload> channel = Channel.create(MESSAGES);
    private final Sinks.Many<Payload> sink = Sinks.unsafe()
            .many()
            .unicast()
            .onBackpressureBuffer(Queues.<Payload>get(MESSAGES).get());
    private final Queue<Payload> blocking = new ArrayBlockingQueue<>(MESSAGES);
    private final Queue<Payload> lockFree = new MpmcArrayQueue<>(MESSAGES);
    private final kotlinx.coroutines.channels.Channel<Payload> coroutine = kotlin.create(MESSAGES);

    /** Subscribes the takers. */
    public TrySend() {
        channel.receive().subscribe(fromChannel);
        sink.asFlux().subscribe(fromSink);
    }

    /** A Sluice channel. */
    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public void sluice() {
        for (Payload message : messages) {
            require(channel.trySend(message) == SendResult.ACCEPTED);
        }
        require(fromChannel.take(MESSAGES));
    }

    /** A unicast sink that expects one thread at a time. */
    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public void unicastSink() {
        for (Payload message : messages) {
            require(sink.tryEmitNext(message).isSuccess());
        }
        require(fromSink.take(MESSAGES));
    }

    /** The JDK's bounded queue. */
    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public void arrayBlockingQueue() {
        fillAndEmpty(blocking);
    }

    /** JCTools' bounded queue for many threads. */
    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public void jctoolsMpmc() {
        fillAndEmpty(lockFree);
    }

    /** Kotlin's channel. */
    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public void kotlin() {
        for (Payload message : messages) {
            require(kotlin.put(coroutine, message));
        }
        for (int i = 0; i < MESSAGES; i++) {
            require(kotlin.take(coroutine));
        }
    }

    private void fillAndEmpty(Queue<Payload> queue) {
        for (Payload message : messages) {
            require(queue.offer(message));
        }
        for (int i = 0; i < MESSAGES; i++) {
            require(queue.poll() != null);
        }
    }

    private static void require(boolean worked) {
        if (!worked) {
            throw new IllegalStateException("a buffer that was empty did not take, or did not give back, its capacity");
        }
    }
}
