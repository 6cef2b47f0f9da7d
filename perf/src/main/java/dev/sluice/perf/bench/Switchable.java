package dev.sluice.perf.bench;

import dev.sluice.channel.Channel;
import dev.sluice.channel.SendResult;
import dev.sluice.channel.Sender;
import dev.sluice.switching.SwitchableSink;
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
import reactor.core.publisher.Flux;

/**
 * The same sends to a channel and to a switchable sink in front of one. On one thread, because a few nanoseconds are to be
 * told apart, and handing messages from thread to thread varies by more than that.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class Switchable {
    /** Messages of an invocation. */
    public static final int MESSAGES = Transfer.CAPACITY;

    /** Who is sent to. */
    @Param({"channel", "switchable"})
    public String through = "channel";

    private final Payload[] messages = Payload.messages(MESSAGES);
    private final Flux<Payload> publisher = Flux.fromArray(messages);
    private final Taker taker = new Taker();
    private Sender<Payload> sender = Channel.create(MESSAGES);

    /** Makes the channel and what stands in front of it. */
    @Setup
    public void aim() {
        Channel<Payload> channel = Channel.create(MESSAGES);
        channel.receive().subscribe(taker);
        sender = through.equals("channel") ? channel : SwitchableSink.create("sink", channel);
    }

    /** Fills the buffer by {@code trySend}, then takes everything out again. */
    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public void trySend() {
        for (Payload message : messages) {
            if (sender.trySend(message) != SendResult.ACCEPTED) {
                throw new IllegalStateException("an empty buffer did not take its capacity");
            }
        }
        requireTaken();
    }

    /** Fills the buffer by one {@code send} after the other, then takes everything out again. */
    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public void send() {
        for (Payload message : messages) {
            sender.send(message).subscribe();
        }
        requireTaken();
    }

    /** Fills the buffer by one {@code sendAll}, then takes everything out again. */
    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public void sendAll() {
        sender.sendAll(publisher).subscribe();
        requireTaken();
    }

    private void requireTaken() {
        if (!taker.take(MESSAGES)) {
            throw new IllegalStateException("not every message came out again");
        }
    }
}
