package dev.sluice.switching;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.LongAdder;

/** Accounts for every element of some senders: each must end in one place, once. An element is {@code sender << 32 | number}. */
final class Ledger {
    private final AtomicIntegerArray[] places;
    private final List<String> broken = new CopyOnWriteArrayList<>();
    final LongAdder received = new LongAdder();
    final LongAdder discarded = new LongAdder();
    final LongAdder withdrawn = new LongAdder();

    Ledger(int senders, int each) {
        places = new AtomicIntegerArray[senders];
        for (int i = 0; i < senders; i++) {
            places[i] = new AtomicIntegerArray((each + 31) / 32);
        }
    }

    static long element(int sender, int number) {
        return (long) sender << 32 | number;
    }

    static int sender(long element) {
        return (int) (element >>> 32);
    }

    static int number(long element) {
        return (int) element;
    }

    void received(long element) {
        mark(element, "received");
        received.increment();
    }

    void discarded(long element) {
        mark(element, "discarded");
        discarded.increment();
    }

    void withdrawn(long element) {
        mark(element, "withdrawn");
        withdrawn.increment();
    }

    private void mark(long element, String how) {
        AtomicIntegerArray marks = places[sender(element)];
        int index = number(element) / 32;
        int bit = 1 << number(element) % 32;
        if ((marks.getAndAccumulate(index, bit, (old, add) -> old | add) & bit) != 0) {
            report(number(element) + " of sender " + sender(element) + " is " + how + " and was accounted for before");
        }
    }

    void report(String what) {
        if (broken.size() < 20) {
            broken.add(what);
        }
    }

    /** Nothing lost, doubled or out of order. */
    void verify(long sent) {
        assertThat(broken).isEmpty();
        assertThat(received.sum() + discarded.sum() + withdrawn.sum()).isEqualTo(sent);
    }

    /** What one receiver has seen of every sender. */
    final class Order {
        private final int[] last = new int[places.length];
        private final String place;

        Order(String place) {
            this.place = place;
            java.util.Arrays.fill(last, -1);
        }

        void received(long element) {
            int sender = sender(element);
            if (number(element) <= last[sender]) {
                report(place + " got " + number(element) + " of sender " + sender + " after " + last[sender]);
            }
            last[sender] = number(element);
            Ledger.this.received(element);
        }
    }
}
