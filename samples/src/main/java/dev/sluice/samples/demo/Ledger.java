package dev.sluice.samples.demo;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;

/**
 * The books of the demo: every element begun by a service, and what became of it.
 *
 * <p>Also watches the lease. Packets of one flash must reach the reader in an unbroken run, so an element of anybody else
 * that has packets of the same flash before and after it is foreign. And it takes the time from a crash until the others
 * are back: until the reader gets an element that is no packet, after packets of the flash that crashed.
 *
 * <p>Thread safe.
 */
final class Ledger {

    private final Account[] accounts;
    private final LongSupplier nanoTime;

    // Guarded by this.
    private int flash;
    private long foreign;
    private long maybeForeign;
    private boolean crashed;
    private int crashedFlash;
    private long crashedAt;
    private long restoredNanos = -1;
    private long longestRestore = -1;
    private final List<Message> unknown = new ArrayList<>();
    private final BitSet backSinceCrash = new BitSet();

    Ledger(int services, LongSupplier nanoTime) {
        this.accounts =
                IntStream.range(0, services).mapToObj(i -> new Account()).toArray(Account[]::new);
        this.nanoTime = nanoTime;
    }

    /** How many services there are. */
    int services() {
        return accounts.length;
    }

    /** Begins the next element of a service. */
    Message begin(int service, int flash) {
        return new Message(service, accounts[service].begin(), flash);
    }

    /** The sender cancelled, and nobody will get it. */
    void withdrawn(Message message) {
        accounts[message.service()].withdrawn(message.sequence());
    }

    /** Its sender died, or was left without an answer: it may have been accepted or not. The reader will tell. */
    synchronized void unknown(Message message) {
        unknown.add(message);
    }

    /**
     * The reader has got something that was accepted after everything whose fate is unknown could be, or all there is: what
     * of that it has not got was never accepted.
     */
    synchronized void readerIsPast() {
        unknown.forEach(message -> accounts[message.service()].gone(message.sequence()));
        unknown.clear();
    }

    /** The sinkhole got it. */
    void discarded(Message message) {
        accounts[message.service()].discarded(message.sequence());
    }

    /** The reader got it. */
    void received(Message message) {
        accounts[message.service()].received(message.sequence());
        watch(message);
    }

    private synchronized void watch(Message message) {
        if (message.flash() > 0) {
            if (message.flash() == flash) {
                foreign += maybeForeign;
            }
            flash = message.flash();
            maybeForeign = 0;
        } else if (flash > 0) {
            maybeForeign++;
            if (crashed && flash == crashedFlash) {
                restored(message.service());
            }
        }
    }

    private void restored(int service) {
        if (backSinceCrash.isEmpty()) {
            restoredNanos = nanoTime.getAsLong() - crashedAt;
            longestRestore = Math.max(longestRestore, restoredNanos);
        }
        backSinceCrash.set(service);
    }

    /** The sender of a flash was killed just now. */
    synchronized void crashed(int flash) {
        crashed = true;
        crashedFlash = flash;
        crashedAt = nanoTime.getAsLong();
        backSinceCrash.clear();
    }

    /** How many services the reader has heard of since the last crash. */
    synchronized int backSinceCrash() {
        return backSinceCrash.cardinality();
    }

    /** How long after the last crash the first other service was received; negative when none was yet. */
    synchronized long restoredNanos() {
        return crashed && backSinceCrash.isEmpty() ? -1 : restoredNanos;
    }

    /** The account of one service. */
    Account.Reading reading(int service) {
        return accounts[service].reading();
    }

    /**
     * Balances the books. Exact when nobody sends or receives any more.
     *
     * @param buffered elements that wait in channels
     */
    Balance balance(long buffered) {
        Account.Reading all = Account.Reading.ZERO;
        for (Account account : accounts) {
            all = all.plus(account.reading());
        }
        synchronized (this) {
            boolean back = !crashed || !backSinceCrash.isEmpty();
            return new Balance(
                    all.sent(),
                    all.received(),
                    all.discarded(),
                    buffered,
                    all.unsettled() - buffered,
                    all.duplicated(),
                    all.reordered(),
                    foreign,
                    back && longestRestore >= 0 ? longestRestore / 1_000_000 : -1);
        }
    }
}
