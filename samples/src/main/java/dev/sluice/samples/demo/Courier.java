package dev.sluice.samples.demo;

import dev.sluice.SluiceException;
import dev.sluice.channel.Sender;
import java.util.concurrent.TimeUnit;

/** Sends elements one after the other at a steady rate, and keeps the books. Used by one thread. */
final class Courier {

    private static final double NANOS = 1e9;

    private final Ledger ledger;
    private final int service;
    private final double nanosApart;
    private final long started = System.nanoTime();
    private long count;

    Courier(Ledger ledger, int service, double perSecond) {
        this.ledger = ledger;
        this.service = service;
        this.nanosApart = NANOS / perSecond;
    }

    /** Waits until the next element is due. */
    void await() throws InterruptedException {
        long due = started + (long) (count++ * nanosApart);
        TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    /** Sends one element and waits until it is accepted. */
    void send(Sender<Message> sender, int flash) {
        Message message = ledger.begin(service, flash);
        try {
            // A send that is cancelled tells the hook when it took the element back; one that fails never sent it.
            sender.send(message).doOnDiscard(Message.class, ledger::withdrawn).block();
        } catch (SluiceException refused) {
            ledger.withdrawn(message);
            throw refused;
        }
    }
}
