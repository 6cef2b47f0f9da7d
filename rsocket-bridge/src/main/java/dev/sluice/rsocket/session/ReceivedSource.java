package dev.sluice.rsocket.session;

import dev.sluice.Frame;
import dev.sluice.rsocket.Origin;
import dev.sluice.rsocket.RemoteSource;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/** A source that was announced by the other side: exactly one of leaf and nest is there. */
public final class ReceivedSource implements RemoteSource {

    private final Frame header;
    private final Origin origin;
    private final @Nullable InLeaf leaf;
    private final @Nullable InNest nest;

    ReceivedSource(Frame header, Origin origin, @Nullable InLeaf leaf, @Nullable InNest nest) {
        this.header = header;
        this.origin = origin;
        this.leaf = leaf;
        this.nest = nest;
    }

    @Override
    public Frame header() {
        return header;
    }

    @Override
    public Origin origin() {
        return origin;
    }

    @Override
    public boolean isNest() {
        return nest != null;
    }

    @Override
    public Flux<Frame> frames() {
        return leaf == null
                ? Flux.error(new IllegalStateException("source " + header + " is a nest: use sources()"))
                : leaf.flux();
    }

    @Override
    public Flux<RemoteSource> sources() {
        return nest == null
                ? Flux.error(new IllegalStateException("source " + header + " is no nest: use frames()"))
                : nest.flux();
    }

    @Override
    public void discard() {
        if (leaf != null) {
            leaf.discard();
        } else if (nest != null) {
            nest.discard();
        }
    }

    /**
     * Tells the producer that items are in safe hands, or gives them back. From any thread; without effect when the stream has ended or was
     * cancelled.
     *
     * @param first the first item's number, 0 for the first of the stream
     * @param count how many
     * @param taken false gives them back
     */
    public void acknowledge(long first, long count, boolean taken) {
        if (leaf != null) {
            leaf.acknowledge(first, count, taken);
        }
    }

    /**
     * Counts the bytes of frames against the window of the stream until they are {@linkplain #release released}, rather than until the subscriber is given them:
     * so its producer may send no more than that window ahead of what becomes of them. Before {@link #frames} is subscribed to.
     */
    public void hold() {
        if (leaf != null) {
            leaf.hold();
        }
    }

    /**
     * Of a source on {@linkplain #hold hold}: frames need no room any more. From any thread; without effect when the stream has ended or was cancelled.
     *
     * @param bytes what they have
     */
    public void release(long bytes) {
        if (leaf != null) {
            leaf.release(bytes);
        }
    }

    @Override
    public String toString() {
        return "RemoteSource(" + header + ", " + origin + ")";
    }
}
