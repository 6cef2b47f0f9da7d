package dev.sluice.perf.bench;

import dev.sluice.channel.Channel;
import dev.sluice.channel.ChannelOptions;
import dev.sluice.channel.WhenNoGroup;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import reactor.adapter.JdkFlowAdapter;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/**
 * One producer whose every message goes to all listeners. Sluice and Reactor deliver on the thread that emits; the JDK
 * has no such mode and uses its pool. The time is that of a message, whatever the number of listeners.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class Listeners {
    /** Messages of an invocation. */
    public static final int MESSAGES = 9_600;

    private static final int CAPACITY = Transfer.CAPACITY;

    /** Nobody receives, so nothing is kept for a receiver. */
    private static final ChannelOptions LISTENED = ChannelOptions.builder()
            .capacity(CAPACITY)
            .whenNoGroup(WhenNoGroup.DISCARD)
            .build();

    /** How many see every message. */
    @Param({"1", "10", "100"})
    public int listeners = 1;

    int messages = MESSAGES;
    private Payload[] sent = {};

    /** Makes the messages. */
    @Setup
    public void make() {
        sent = Payload.messages(messages);
    }

    /** A Sluice channel. */
    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public void sluice() {
        Channel<Payload> channel = Channel.create(LISTENED);
        Arrivals arrivals = listen(channel.listen());
        channel.sendAll(Flux.fromArray(sent)).subscribe(count -> {}, channel::close, channel::close);
        arrivals.await((long) messages * listeners);
    }

    /** A multicast sink. */
    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public void multicastSink() {
        Sinks.Many<Payload> sink = Sinks.unsafe().many().multicast().onBackpressureBuffer(CAPACITY);
        Arrivals arrivals = listen(sink.asFlux());
        for (Payload message : sent) {
            sink.tryEmitNext(message).orThrow();
        }
        sink.tryEmitComplete();
        arrivals.await((long) messages * listeners);
    }

    /** The JDK's publisher on the common pool. */
    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public void submissionPublisher() {
        Arrivals arrivals;
        try (SubmissionPublisher<Payload> publisher = new SubmissionPublisher<>(ForkJoinPool.commonPool(), CAPACITY)) {
            arrivals = listen(JdkFlowAdapter.flowPublisherToFlux(publisher));
            for (Payload message : sent) {
                publisher.submit(message);
            }
        }
        arrivals.await((long) messages * listeners);
    }

    private Arrivals listen(Flux<Payload> source) {
        Arrivals arrivals = new Arrivals(listeners);
        for (int i = 0; i < listeners; i++) {
            source.subscribe(arrivals.eager());
        }
        return arrivals;
    }
}
