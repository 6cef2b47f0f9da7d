package dev.sluice.rsocket.session;

import dev.sluice.Frame;
import dev.sluice.ProtocolViolationException;
import dev.sluice.rsocket.SessionOptions;
import dev.sluice.rsocket.wire.Hello;
import dev.sluice.rsocket.wire.Wire;
import org.jspecify.annotations.Nullable;

/** What the two sides say of themselves first: until the other has, it takes the least of everything. On the event loop, but for {@link #peer}. */
final class Greeting {

    private final Session session;
    private final StreamTable streams;
    private final SessionOptions options;
    private volatile Hello peer = Hello.FLOOR;
    private boolean compressed;
    private @Nullable Runnable timer;

    Greeting(Session session, StreamTable streams) {
        this.session = session;
        this.streams = streams;
        this.options = session.options();
    }

    /** Sends HELLO and waits for the other's. */
    void begin(Frame publisher) {
        session.outbound()
                .hello(new Hello(
                        Wire.VERSION,
                        options.compression() ? Wire.FEATURE_LZ4 : 0,
                        options.largestFrame(),
                        options.sessionWindow(),
                        options.streamWindow(),
                        options.mostStreams(),
                        options.depth(),
                        publisher,
                        options.node()));
        timer = session.schedule(this::late, options.helloTimeout().toNanos());
    }

    private void late() {
        if (!session.inbound().isGreeted()) {
            session.breakOff(new ProtocolViolationException(
                    "no HELLO within " + options.helloTimeout() + " from " + session.remoteAddress()));
        }
    }

    void received(Hello hello) {
        if (hello.version() != Wire.VERSION) {
            throw new ProtocolViolationException(
                    "version " + hello.version() + " of the protocol, here is version " + Wire.VERSION);
        }
        Hello before = peer;
        peer = hello;
        if (options.compression() && (hello.features() & Wire.FEATURE_LZ4) != 0) {
            compressed = true;
            session.outbound().batches().compress();
        }
        close();
        session.outbound().granted(hello.sessionWindow() - before.sessionWindow());
        long more = hello.streamWindow() - before.streamWindow();
        for (Stream stream : streams.all()) {
            if (stream instanceof OutLeaf leaf) {
                leaf.widen(more);
            }
        }
    }

    /** What the other side takes. From any thread. */
    Hello peer() {
        return peer;
    }

    /** Whether both sides want batches compressed. */
    boolean isCompressed() {
        return compressed;
    }

    /** Waits no longer. */
    void close() {
        Loop.cancel(timer);
    }
}
