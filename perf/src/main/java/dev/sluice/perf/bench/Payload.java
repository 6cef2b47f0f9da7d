package dev.sluice.perf.bench;

/** A message of 64 bytes on a usual 64-bit machine: 12 of header, then these. Made once, sent many times. */
public final class Payload {
    final long a;
    final long b;
    final long c;
    final long d;
    final long e;
    final long f;
    final int g;

    Payload(int number) {
        a = number;
        b = number;
        c = number;
        d = number;
        e = number;
        f = number;
        g = number;
    }

    /** So many messages, from a stock of 1,024 as a pool would give them out. */
    static Payload[] messages(int count) {
        Payload[] stock = new Payload[Math.min(count, 1024)];
        for (int i = 0; i < stock.length; i++) {
            stock[i] = new Payload(i);
        }
        Payload[] messages = new Payload[count];
        for (int i = 0; i < count; i++) {
            messages[i] = stock[i % stock.length];
        }
        return messages;
    }
}
