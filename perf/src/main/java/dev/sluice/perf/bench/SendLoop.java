package dev.sluice.perf.bench;

import dev.sluice.channel.Sender;
import java.util.concurrent.atomic.AtomicInteger;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;

/** Sends message by message: subscribes to the next {@code send} when the one before is accepted. */
final class SendLoop implements CoreSubscriber<Void> {
    private final Sender<Payload> sender;
    private final Payload[] messages;
    private final Runnable end;
    private final AtomicInteger accepted = new AtomicInteger();
    private int next;

    SendLoop(Sender<Payload> sender, Payload[] messages, Runnable end) {
        this.sender = sender;
        this.messages = messages;
        this.end = end;
    }

    /** Goes on until a send waits. Sends that complete at once do not grow the stack. */
    void run() {
        if (accepted.getAndIncrement() != 0) {
            return;
        }
        do {
            if (next == messages.length) {
                end.run();
                return;
            }
            sender.send(messages[next++]).subscribe(this);
        } while (accepted.decrementAndGet() != 0);
    }

    @Override
    public void onSubscribe(Subscription s) {
        s.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(Void nothing) {
        throw new AssertionError("a send has no value");
    }

    @Override
    public void onError(Throwable cause) {
        throw new IllegalStateException("a send failed", cause);
    }

    @Override
    public void onComplete() {
        run();
    }
}
