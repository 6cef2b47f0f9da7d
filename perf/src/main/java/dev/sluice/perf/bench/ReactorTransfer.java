package dev.sluice.perf.bench;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;
import reactor.adapter.JdkFlowAdapter;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.util.concurrent.Queues;

/** What Reactor and the JDK have between one producer and one consumer. */
public class ReactorTransfer extends Transfer {
    private Scheduler workers = Schedulers.immediate();
    private ExecutorService executor = Executors.newSingleThreadExecutor();

    /** Starts the workers. */
    @Setup
    public void start() {
        workers = Schedulers.newParallel(
                "worker", Math.max(2, Runtime.getRuntime().availableProcessors()));
        executor = Executors.newSingleThreadExecutor();
    }

    /** Stops the workers. */
    @TearDown
    public void stop() {
        workers.dispose();
        executor.shutdownNow();
    }

    /** From one worker to another: a bounded queue, no other senders. */
    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public void publishOn() {
        requireOneToOne();
        Arrivals arrivals = new Arrivals(1);
        Flux.fromArray(share).subscribeOn(workers).publishOn(workers, CAPACITY).subscribe(arrivals.eager());
        arrivals.await(expected());
    }

    /** A unicast sink with a bounded queue. Emissions that fail are tried again after a yield. */
    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public void unicastSink() {
        emit(Sinks.unsafe()
                .many()
                .unicast()
                .onBackpressureBuffer(Queues.<Payload>get(CAPACITY).get()));
    }

    /** A multicast sink with a bounded queue and one subscriber. Emissions that fail are tried again after a yield. */
    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public void multicastSink() {
        emit(Sinks.unsafe().many().multicast().onBackpressureBuffer(CAPACITY));
    }

    private void emit(Sinks.Many<Payload> sink) {
        requireOneToOne();
        Arrivals arrivals = new Arrivals(1);
        sink.asFlux().publishOn(workers).subscribe(arrivals.eager());
        threads.execute(() -> {
            for (Payload message : share) {
                while (sink.tryEmitNext(message).isFailure()) {
                    giveWay();
                }
            }
            sink.tryEmitComplete();
        });
        arrivals.await(expected());
    }

    /** Submits from a thread that blocks when the buffer is full. */
    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public void submissionPublisher() {
        requireOneToOne();
        Arrivals arrivals = new Arrivals(1);
        try (SubmissionPublisher<Payload> publisher = new SubmissionPublisher<>(executor, CAPACITY)) {
            Flow.Publisher<Payload> flow = publisher;
            JdkFlowAdapter.flowPublisherToFlux(flow).subscribe(arrivals.eager());
            for (Payload message : share) {
                publisher.submit(message);
            }
        }
        arrivals.await(expected());
    }

    private void requireOneToOne() {
        if (producers != 1 || consumers != 1) {
            throw new IllegalArgumentException("this has one producer and one consumer, not " + shape);
        }
    }
}
