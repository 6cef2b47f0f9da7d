package dev.sluice.samples.demo;

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
    void send(Stage.Way way, int flash) {
        way.send(ledger.begin(service, flash)).block();
    }
}
