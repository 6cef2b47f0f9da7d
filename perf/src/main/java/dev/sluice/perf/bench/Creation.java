package dev.sluice.perf.bench;

import dev.sluice.channel.Channel;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jctools.queues.MpmcArrayQueue;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import reactor.core.publisher.Sinks;
import reactor.util.concurrent.Queues;

/** Makes a channel, or what stands for one, with room for 128. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class Creation {
    private static final int CAPACITY = Transfer.CAPACITY;

    private final KotlinChannels kotlin = new KotlinChannels();

    /** A Sluice channel. */
    @Benchmark
    public Object sluice() {
        return Channel.create(CAPACITY);
    }

    /** A unicast sink. */
    @Benchmark
    public Object unicastSink() {
        return Sinks.many()
                .unicast()
                .onBackpressureBuffer(Queues.<Payload>get(CAPACITY).get());
    }

    /** The JDK's bounded queue. */
    @Benchmark
    public Object arrayBlockingQueue() {
        return new ArrayBlockingQueue<Payload>(CAPACITY);
    }

    /** JCTools' bounded queue for many threads. */
    @Benchmark
    public Object jctoolsMpmc() {
        return new MpmcArrayQueue<Payload>(CAPACITY);
    }

    /** Kotlin's channel. */
    @Benchmark
    public Object kotlin() {
        return kotlin.<Payload>create(CAPACITY);
    }
}
