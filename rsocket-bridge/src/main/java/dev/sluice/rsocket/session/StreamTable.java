package dev.sluice.rsocket.session;

import dev.sluice.ProtocolViolationException;
import io.netty.util.collection.LongObjectHashMap;
import io.netty.util.collection.LongObjectMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The streams of a session by their ids. Each side's ids only grow, so an id that is not here and is not above the highest was used and is over.
 * On the event loop.
 */
final class StreamTable {

    private final LongObjectMap<Stream> streams = new LongObjectHashMap<>();
    private final int mostOfPeer;

    /** What was found last: most records name the stream of the one before. */
    private @Nullable Stream last;

    private long nextId;
    private long lastPeerId;
    private int own;
    private int ofPeer;

    /**
     * An empty table.
     *
     * @param client whether this side has the odd ids
     * @param mostOfPeer how many streams the other side may have open
     */
    StreamTable(boolean client, int mostOfPeer) {
        this.nextId = client ? 1 : 2;
        this.mostOfPeer = mostOfPeer;
    }

    long nextId() {
        long id = nextId;
        nextId += 2;
        return id;
    }

    /** The other side has opened a stream. */
    void takeId(long id) {
        if (id == 0 || isOwn(id)) {
            throw new ProtocolViolationException("stream " + id + " has an id that is not the other side's to give");
        }
        if (id <= lastPeerId) {
            throw new ProtocolViolationException("stream " + id + " has an id that was used before");
        }
        if (ofPeer >= mostOfPeer) {
            throw new ProtocolViolationException(
                    "stream " + id + " is one too many: at most " + mostOfPeer + " may be open");
        }
        lastPeerId = id;
    }

    private boolean isOwn(long id) {
        return (id & 1) == (nextId & 1);
    }

    void add(Stream stream) {
        streams.put(stream.id, stream);
        last = stream;
        count(stream, 1);
    }

    void remove(Stream stream) {
        if (last == stream || streams.get(stream.id) == stream) {
            last = null;
            streams.remove(stream.id);
            count(stream, -1);
        }
    }

    private void count(Stream stream, int change) {
        if (isOwn(stream.id)) {
            own += change;
        } else {
            ofPeer += change;
        }
    }

    /** The stream of an id; null when it has ended; an error when there never was one. */
    @Nullable Stream find(long id) {
        Stream before = last;
        if (before != null && before.id == id) {
            return before;
        }
        Stream stream = streams.get(id);
        last = stream;
        if (stream == null && (id == 0 || id >= (isOwn(id) ? nextId : lastPeerId + 1))) {
            throw new ProtocolViolationException("a record for stream " + id + ", which was never opened");
        }
        return stream;
    }

    /** Streams and calls this side has open. */
    int own() {
        return own;
    }

    /** Streams and calls the other side has open. */
    int ofPeer() {
        return ofPeer;
    }

    int size() {
        return streams.size();
    }

    boolean isEmpty() {
        return streams.isEmpty();
    }

    /** A copy: streams leave while one looks at them. */
    List<Stream> all() {
        return List.copyOf(streams.values());
    }

    /** Ends all of them, whatever one of them throws. */
    void disconnect(Throwable cause) {
        for (Stream stream : all()) {
            Failures.dropping(() -> stream.disconnected(cause));
        }
        last = null;
        streams.clear();
    }
}
