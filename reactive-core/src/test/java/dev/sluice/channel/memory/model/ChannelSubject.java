package dev.sluice.channel.memory.model;

import dev.sluice.channel.Channel;
import dev.sluice.channel.SendResult;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.jetbrains.lincheck.datastructures.Validate;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * A channel with one receiver, as Lincheck drives it. Whatever the threads do at the same time, their answers must be
 * those of a {@link ChannelModel} that does the same one after the other.
 */
public abstract class ChannelSubject {
    private static final int MOST_THREADS = 8;

    private final Channel<Integer> channel;
    private final Receiver receiver = new Receiver();
    private final Sending[] sendings = new Sending[MOST_THREADS];
    private final int[] sent = new int[MOST_THREADS];
    private final AtomicInteger requested = new AtomicInteger();
    private final Set<Integer> accepted = ConcurrentHashMap.newKeySet();

    /** A channel with a capacity. */
    protected ChannelSubject(int capacity) {
        channel = Channel.create(capacity);
        channel.receive().subscribe(receiver);
    }

    /** Elements grow with every send of a thread, which is the rest of their division by the number of threads. */
    private int next(int thread) {
        return ++sent[thread] * MOST_THREADS + thread;
    }

    /** Tries to send. */
    @Operation
    public SendResult trySend(@Param(gen = ThreadIdGen.class) int thread) {
        int element = next(thread);
        SendResult result = channel.trySend(element);
        if (result == SendResult.ACCEPTED) {
            accepted.add(element);
        }
        return result;
    }

    /** Sends, and says what became of it at once. */
    @Operation
    public String send(@Param(gen = ThreadIdGen.class) int thread) {
        int element = next(thread);
        Sending sending = new Sending(element);
        sendings[thread] = sending;
        channel.send(element).subscribe(sending);
        return sending.atOnce;
    }

    /** Cancels the last send of this thread; whether its element was withdrawn. */
    @Operation
    public boolean cancel(@Param(gen = ThreadIdGen.class) int thread) {
        Sending sending = sendings[thread];
        return sending != null && sending.withdraw();
    }

    /** The receiver asks for one more. */
    @Operation
    public void request() {
        requested.incrementAndGet();
        receiver.subscription.request(1);
    }

    /** Changes the capacity. */
    @Operation
    public void resize(@Param(gen = IntGen.class, conf = "0:2") int capacity) {
        channel.resize(capacity).subscribe();
    }

    /** Closes. */
    @Operation
    public void close() {
        channel.close();
    }

    /** When everybody is done: of what was accepted the receiver has what it asked for, each once, in its sender's order. */
    @Validate
    public void receiverHasWhatItAskedFor() {
        int expected = Math.min(requested.get(), accepted.size());
        if (receiver.received.size() != expected || !accepted.containsAll(receiver.received) || !inOrder()) {
            throw new IllegalStateException(
                    "accepted " + accepted + ", asked for " + requested + ", received " + receiver.received);
        }
    }

    private boolean inOrder() {
        int[] last = new int[MOST_THREADS];
        for (int element : receiver.received) {
            if (element <= last[element % MOST_THREADS]) {
                return false;
            }
            last[element % MOST_THREADS] = element;
        }
        return true;
    }

    private static final class Receiver implements CoreSubscriber<Integer> {
        private final Queue<Integer> received = new ConcurrentLinkedQueue<>();
        private volatile Subscription subscription;

        @Override
        public void onSubscribe(Subscription s) {
            subscription = s;
        }

        @Override
        public void onNext(Integer element) {
            received.add(element);
        }

        @Override
        public void onError(Throwable error) {
            throw new IllegalStateException(error);
        }

        @Override
        public void onComplete() {}
    }

    private final class Sending implements CoreSubscriber<Void> {
        private final int element;
        private volatile Subscription subscription;
        private final Thread sender = Thread.currentThread();
        private volatile boolean discarded;

        /** Whoever is told by another thread has waited. */
        private volatile String atOnce = "waits";

        Sending(int element) {
            this.element = element;
        }

        private void ends(String how) {
            if (Thread.currentThread() == sender) {
                atOnce = how;
            }
        }

        boolean withdraw() {
            boolean before = discarded;
            subscription.cancel();
            return discarded && !before;
        }

        @Override
        public Context currentContext() {
            return Operators.enableOnDiscard(Context.empty(), any -> discarded = true);
        }

        @Override
        public void onSubscribe(Subscription s) {
            subscription = s;
            s.request(1);
        }

        @Override
        public void onNext(Void never) {}

        @Override
        public void onError(Throwable error) {
            ends("closed");
        }

        @Override
        public void onComplete() {
            accepted.add(element);
            ends("accepted");
        }
    }

    /** Where nothing may wait. */
    public static final class Rendezvous extends ChannelSubject {
        /** For Lincheck. */
        public Rendezvous() {
            super(0);
        }
    }

    /** Where one element may wait. */
    public static final class RoomForOne extends ChannelSubject {
        /** For Lincheck. */
        public RoomForOne() {
            super(1);
        }
    }

    /** Where two elements may wait. */
    public static final class RoomForTwo extends ChannelSubject {
        /** For Lincheck. */
        public RoomForTwo() {
            super(2);
        }
    }
}
