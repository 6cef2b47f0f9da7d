package dev.sluice.rsocket.channel;

import dev.sluice.ConnectionLostException;
import dev.sluice.Frame;
import dev.sluice.channel.Sender;
import dev.sluice.rsocket.Call;
import dev.sluice.rsocket.Peer;
import dev.sluice.rsocket.SluiceClient;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * The operations of one client, each done once by the server however often the connection is lost meanwhile.
 *
 * <p>They are numbered in the order they begin and go to the server in that order. Each session begins with the question whether the server
 * remembers this client; until that is answered nothing is asked for. If it does, operations whose outcome is not known are asked for again, in the
 * same order and before any new one, and the server does none of them twice. If it does not although it did before, because it was started anew or
 * this client was gone for too long, they fail: nobody can tell whether they were done.
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
    private final Sessions sessions;
    private final Patience patience;
    private final String withdraw;

    /** Which line; none for the first of a client, which most have alone. */
    private final Map<String, String> line;

    /** Those whose outcome is not known, by number, in order. */
    private final Map<Long, Operation> open = new LinkedHashMap<>();

    /** Numbers above the lowest open one whose outcome is known, which the server was not told in this session, or may not have heard. */
    private final Deque<Numbering.Range> settled = new ArrayDeque<>();

    /** What calls came to while they were handed over, for users to hear when the lock is free. */
    private final Queue<Runnable> due = new ConcurrentLinkedQueue<>();

    private long next = 1;

    /** The session in which operations are made. */
    private @Nullable Peer peer;

    private boolean connecting;

    /** Whether the server has known this client in an earlier session, and which was the last. */
    private boolean known;

    private @Nullable Peer last;

    /**
     * Operations, none yet.
     *
     * @param client makes the calls; it stays the caller's to close
     * @param withdraw the service that takes one back
     * @param remember the service that says whether the server remembers the client
     */
    public Operations(SluiceClient client, String withdraw, String remember) {
        this.client = Objects.requireNonNull(client, "client");
        this.withdraw = Objects.requireNonNull(withdraw, "withdraw");
        int before;
        synchronized (LINES) {
            before = LINES.merge(client, 1, Integer::sum) - 1;
        }
        this.line = before == 0 ? Map.of() : Map.of(Verbs.LINE, Integer.toString(before));
        this.sessions = new Sessions(client, Call.to(remember).tags(line));
        this.patience = sessions.patience();
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
        return Call.to(withdraw).tag(Verbs.NUMBER, Long.toString(number)).tags(line);
    }

    /** The sessions in which operations are made. */
    Sessions sessions() {
        return sessions;
    }

    /** Begins an operation: gives it its number and makes its call now, or as soon as there is a session. */
    void begin(Operation operation) {
        synchronized (this) {
            operation.number = next++;
            open.put(operation.number, operation);
            if (peer != null) {
                operation.make(peer, numbering(operation));
            }
        }
        runDue();
        connect();
    }

    /** Has something done once the lock is free. */
    void afterwards(Runnable task) {
        due.add(task);
    }

    private void runDue() {
        for (Runnable task = due.poll(); task != null; task = due.poll()) {
            task.run();
        }
    }

    /**
     * Asks the server to take an operation back, now or when there is a session again.
     *
     * @return true when the operation was never made, and will not be
     */
    boolean withdraw(Operation operation) {
        boolean never;
        synchronized (this) {
            never = !operation.wasMade() && open.remove(operation.number) != null;
            if (operation.wasMade() && peer != null && open.containsKey(operation.number)) {
                operation.makeWithdrawal(peer);
            }
        }
        runDue();
        return never;
    }

    /** Nobody waits for the operation any more: one that was not made will not be. */
    void giveUp(Operation operation) {
        synchronized (this) {
            if (!operation.wasMade()) {
                open.remove(operation.number);
            }
        }
    }

    /**
     * The outcome is known.
     *
     * @param heard whether the server has certainly read what the call told along; else the call may have been refused before, and the next ones
     *     tell it again, or the server would keep for good what nobody asks for any more
     */
    void settled(Operation operation, boolean heard) {
        patience.reset();
        synchronized (this) {
            if (open.remove(operation.number) == null) {
                return;
            }
            if (!heard) {
                tellAgain(operation.told);
            }
            if (operation.number > lowest()) {
                addSettled(operation.number);
            }
        }
    }

    private void tellAgain(List<Numbering.Range> told) {
        for (int i = told.size() - 1; i >= 0; i--) {
            settled.addFirst(told.get(i));
        }
    }

    private void addSettled(long number) {
        Numbering.Range last = settled.peekLast();
        if (last != null && last.last() + 1 == number) {
            settled.removeLast();
            settled.addLast(new Numbering.Range(last.first(), number));
        } else {
            settled.addLast(new Numbering.Range(number, number));
        }
    }

    private long lowest() {
        return open.isEmpty() ? next : open.keySet().iterator().next();
    }

    /** What the server needs to know to do an operation once, and to forget others. */
    private Map<String, String> numbering(Operation operation) {
        Map<String, String> tags = new LinkedHashMap<>(line);
        long lowest = lowest();
        tags.put(Verbs.NUMBER, Long.toString(operation.number));
        tags.put(Verbs.LOWEST, Long.toString(lowest));
        List<Numbering.Range> told = new ArrayList<>();
        while (!settled.isEmpty() && told.size() < Numbering.MOST_RANGES) {
            Numbering.Range range = settled.remove();
            if (range.last() > lowest) {
                told.add(range);
            }
        }
        operation.told = told;
        if (!told.isEmpty()) {
            tags.put(Verbs.SETTLED, Numbering.text(told));
        }
        return tags;
    }

    private void connect() {
        synchronized (this) {
            if (connecting || peer != null || open.isEmpty()) {
                return;
            }
            connecting = true;
        }
        patience.pause().then(Mono.defer(sessions::next)).subscribe(this::connected, this::failed);
    }

    private void connected(Sessions.Ready ready) {
        Peer session = ready.session();
        answered(session, ready.isRemembered());
        session.onClose().subscribe(null, null, () -> closed(session));
    }

    private void closed(Peer session) {
        synchronized (this) {
            if (peer == session) {
                peer = null;
            }
        }
        connect();
    }

    private void answered(Peer session, boolean remembered) {
        List<Operation> forgotten = new ArrayList<>();
        synchronized (this) {
            connecting = false;
            peer = session;
            if (known && !remembered && session != last) {
                open.values().stream().filter(Operation::wasMade).forEach(forgotten::add);
                forgotten.forEach(operation -> open.remove(operation.number));
            }
            known = true;
            last = session;
            tellAllSettled();
            for (Operation operation : new ArrayList<>(open.values())) {
                operation.make(session, numbering(operation));
            }
        }
        runDue();
        for (Operation operation : forgotten) {
            operation.failed(unknown("the server does not remember this client", null));
        }
    }

    /** What was told in an earlier session may not have arrived: everything between the open ones is settled. */
    private void tellAllSettled() {
        settled.clear();
        long from = lowest();
        for (long number : open.keySet()) {
            if (number > from) {
                settled.add(new Numbering.Range(from, number - 1));
            }
            from = number + 1;
        }
        if (!open.isEmpty() && next > from) {
            settled.add(new Numbering.Range(from, next - 1));
        }
    }

    private void failed(Throwable failure) {
        List<Operation> all;
        synchronized (this) {
            connecting = false;
            all = new ArrayList<>(open.values());
            open.clear();
        }
        for (Operation operation : all) {
            operation.failed(
                    failure instanceof ConnectionLostException && operation.wasMade()
                            ? unknown("the connection was lost before it was known what became of this", failure)
                            : failure);
        }
    }

    private static ConnectionLostException unknown(String why, @Nullable Throwable cause) {
        return new ConnectionLostException(why + ": it may have been done", cause);
    }

    @Override
    public String toString() {
        return client.options().transport().toString();
    }
}
