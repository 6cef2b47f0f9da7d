package dev.sluice.perf.bench;

import kotlin.Unit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;

/** Kotlin's channel between coroutines. */
public class KotlinTransfer extends Transfer {
    /** 128 or, for rendezvous, 0. */
    @Param({"128", "0"})
    public int capacity = CAPACITY;

    private final KotlinChannels kotlin = new KotlinChannels();

    /** Each producer and consumer is a coroutine. */
    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public void channel() {
        Arrivals arrivals = new Arrivals(consumers);
        kotlin.transfer(capacity, producers, consumers, share, count -> {
            arrivals.end(count);
            return Unit.INSTANCE;
        });
        arrivals.await(expected());
    }
}
