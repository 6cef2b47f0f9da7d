package dev.sluice.rsocket.channel;

import dev.sluice.ConnectionLostException;
import dev.sluice.rsocket.Call;
import dev.sluice.rsocket.Peer;
import dev.sluice.rsocket.SluiceClient;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The operations of one client, each done once by the server however often the connection is lost meanwhile.
 *
 * <p>They are numbered in the order they begin and go to the server in that order. Those whose outcome is not known when a session ends are asked
 * for again in the next one, in the same order and before any new one; the server does none of them twice.
 *
 * <p>Guarded by itself, so that numbers go to the session in order; what runs under the lock hands calls to the session and runs no code of
 * users.
 */
final class Operations {

    private final SluiceClient client;

    /** Those whose outcome is not known, by number, in order. */
    private final Map<Long, Operation> open = new LinkedHashMap<>();

    private long next = 1;
    private @Nullable Peer peer;
    private boolean connecting;

    Operations(SluiceClient client) {
        this.client = client;
    }

    /** Begins an operation: gives it its number and makes its call now, or as soon as there is a session. */
    void begin(Operation operation) {
        boolean connect;
        synchronized (this) {
            operation.number = next++;
            open.put(operation.number, operation);
            connect = !handOver(operation, false);
        }
        if (connect) {
            connect();
        }
    }

    /** Makes another call about an operation that has begun, if there is a session; if there is none it is made instead of repeating it. */
    void also(Operation operation) {
        synchronized (this) {
            if (open.containsKey(operation.number) && peer != null) {
                operation.makeWithdrawal(peer);
            }
        }
    }

    /** The outcome is known. */
    void settled(Operation operation) {
        synchronized (this) {
            open.remove(operation.number);
        }
    }

    /** The operation's call was lost with its session. */
    void lost(Operation operation, Peer from) {
        synchronized (this) {
            if (peer == from) {
                peer = null;
            }
        }
        connect();
    }

    private boolean handOver(Operation operation, boolean again) {
        Peer session = peer;
        if (session == null) {
            return false;
        }
        operation.make(session, lowest(), again);
        return true;
    }

    private long lowest() {
        return open.isEmpty() ? next : open.keySet().iterator().next();
    }

    private void connect() {
        synchronized (this) {
            if (connecting || peer != null || open.isEmpty()) {
                return;
            }
            connecting = true;
        }
        client.connect().subscribe(this::connected, this::notConnected);
    }

    private void connected(Peer session) {
        synchronized (this) {
            connecting = false;
            peer = session;
            for (Operation operation : new ArrayList<>(open.values())) {
                handOver(operation, operation.wasMade());
            }
        }
        session.onClose().subscribe(null, null, () -> {
            synchronized (this) {
                if (peer == session) {
                    peer = null;
                }
            }
            connect();
        });
    }

    private void notConnected(Throwable failure) {
        List<Operation> failed;
        synchronized (this) {
            connecting = false;
            failed = new ArrayList<>(open.values());
            open.clear();
        }
        for (Operation operation : failed) {
            operation.failed(
                    failure instanceof ConnectionLostException && operation.wasMade()
                            ? new ConnectionLostException(
                                    "the connection was lost before it was known what became of this: it may have been done",
                                    failure)
                            : failure);
        }
    }

    /** Adds what the server needs to do a call once. */
    static Call numbered(Call call, long number, long lowest, boolean again) {
        Map<String, String> tags = new LinkedHashMap<>(4);
        tags.put(Verbs.NUMBER, Long.toString(number));
        tags.put(Verbs.LOWEST, Long.toString(lowest));
        if (again) {
            tags.put(Verbs.AGAIN, "true");
        }
        return call.tags(tags);
    }
}
