package dev.sluice.rsocket.channel;

import dev.sluice.ConnectionLostException;
import dev.sluice.Frame;
import dev.sluice.channel.Sender;
import dev.sluice.rsocket.Call;
import dev.sluice.rsocket.Peer;
import dev.sluice.rsocket.SluiceClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.WeakHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Operations of one client, each done once by the server however often the connection is lost meanwhile.
 *
 * <p>They are numbered in the order they begin and go to the server in that order. Those whose outcome is not known when a session ends are asked
 * for again in the next one, in the same order and before any new one; the server does none of them twice.
 *
 * <p>A client may have several of these: each is a line with numbers of its own, and the server tells them apart.
 *
 * <p>Thread safe. Guarded by itself, so that numbers go to the session in order; what runs under the lock hands calls to the session and runs no code of
 * users.
 */
public final class Operations {

    /** How many lines each client has begun. */
    private static final Map<SluiceClient, Integer> LINES = new WeakHashMap<>();

    private final SluiceClient client;
    private final String withdraw;

    /** Null for the first line of a client, which most have alone: it says nothing on the wire. */
    private final @Nullable String line;

    /** Those whose outcome is not known, by number, in order. */
    private final Map<Long, Operation> open = new LinkedHashMap<>();

    private long next = 1;
    private @Nullable Peer peer;
    private boolean connecting;

    /**
     * Operations, none yet.
     *
     * @param client makes the calls; it stays the caller's to close
     * @param withdraw the service that takes one back
     */
    public Operations(SluiceClient client, String withdraw) {
        this.client = Objects.requireNonNull(client, "client");
        this.withdraw = Objects.requireNonNull(withdraw, "withdraw");
        int before;
        synchronized (LINES) {
            before = LINES.merge(client, 1, Integer::sum) - 1;
        }
        this.line = before == 0 ? null : Integer.toString(before);
    }

    /**
     * A sender whose sends are operations. It keeps what {@link Sender} promises, except that {@code trySend} makes its thread wait for a round
     * trip, and refuses to on a thread that must not wait.
     *
     * @param kind what it sends to, for messages
     * @param name the name of that
     * @param send the call that sends one element, but for its body
     * @param sendAll the call that sends its uplink
     */
    public Sender<Frame> sender(String kind, String name, Call send, Call sendAll) {
        return new RemoteSender(this, kind, name, send, sendAll);
    }

    /**
     * An operation with an answer. Lazy: each subscriber does one. A cancel lets it go on and hears no more of it.
     *
     * @param read what the outcome means; null for nothing
     * @return what was read; fails with what the server failed with, or with {@link ConnectionLostException}
     */
    public <R> Mono<R> ask(Call call, Function<@Nullable Frame, @Nullable R> read) {
        return AskOperation.mono(this, call, read);
    }

    /** How long a thread waits for an answer that it cannot do without. */
    Duration requestTimeout() {
        return client.options().connectionTimeout();
    }

    /** The call that takes an operation back. */
    Call withdrawal(long number) {
        Call call = Call.to(withdraw).tag(Verbs.NUMBER, Long.toString(number));
        return line == null ? call : call.tag(Verbs.LINE, line);
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
    Call numbered(Call call, long number, long lowest, boolean again) {
        Map<String, String> tags = new LinkedHashMap<>(4);
        tags.put(Verbs.NUMBER, Long.toString(number));
        tags.put(Verbs.LOWEST, Long.toString(lowest));
        if (line != null) {
            tags.put(Verbs.LINE, line);
        }
        if (again) {
            tags.put(Verbs.AGAIN, "true");
        }
        return call.tags(tags);
    }

    @Override
    public String toString() {
        return client.options().transport().toString();
    }
}
