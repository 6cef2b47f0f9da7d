package dev.sluice.channel.memory;

import dev.sluice.ChannelClosedException;
import dev.sluice.channel.Channel;
import dev.sluice.channel.ChannelOptions;
import dev.sluice.channel.ChannelStats;
import dev.sluice.channel.Delivery;
import dev.sluice.channel.Entry;
import dev.sluice.channel.GroupOptions;
import dev.sluice.channel.ListenOptions;
import dev.sluice.channel.Overflow;
import dev.sluice.channel.Position;
import dev.sluice.channel.Retention;
import dev.sluice.channel.WhenNoGroup;
import dev.sluice.channel.spi.SendQueue;
import dev.sluice.channel.spi.Thrown;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A channel in memory: the readers of an {@link Admission}, and what is rare.
 *
 * @param <T> the element
 */
final class MemoryChannel<T> extends Admission<T> implements Channel<T> {
    private static final VarHandle DROPS;

    static {
        try {
            DROPS = MethodHandles.lookup().findVarHandle(MemoryChannel.class, "drops", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final @Nullable History history;
    private final Replay<T> replay;

    /** Guarded by the lock; read without it as a hint. */
    private final Unclaimed unclaimed;

    private @Nullable List<T> discards;
    private long dropped;
    private @Nullable Departed departed;

    /** Why {@link #drop} must look again; 0 while nobody is in there. */
    @SuppressWarnings("unused") // through DROPS
    private volatile int drops;

    private volatile @Nullable Closing closing;

    /** How the channel was closed; no cause means normally. */
    private record Closing(@Nullable Throwable cause) {}

    MemoryChannel(ChannelOptions options) {
        super(options);
        this.history = options.retention() == Retention.none() ? null : new History(options.retention());
        this.replay = new Replay<>(this, history);
        this.unclaimed = new Unclaimed(options.whenNoGroup() == WhenNoGroup.HOLD);
    }

    @Override
    public String name() {
        return options.name();
    }

    @Override
    public int capacity() {
        return capacity;
    }

    @Override
    public Mono<Void> resize(int newCapacity) {
        ChannelOptions.requireCapacity(newCapacity);
        return Mono.fromRunnable(() -> {
            SendQueue<T> told = new SendQueue<>();
            lock();
            try {
                exclusively(() -> capacity = newCapacity);
                admit(told);
            } finally {
                unlock();
            }
            tell(told);
        });
    }

    @Override
    public Flux<T> receive(String group) {
        requireGroup(group);
        return new Reading<>(this, "receive(" + name() + ", " + group + ")", actual -> {
            Receiver<T> receiver = new Receiver<>(actual);
            joinGroup(group, receiver);
            return receiver;
        });
    }

    @Override
    public Flux<Delivery<T>> receiveAcked(String group, int maxUnacked) {
        requireGroup(group);
        if (maxUnacked < 1) {
            throw new IllegalArgumentException("maxUnacked must be 1 or more, was " + maxUnacked);
        }
        return new Reading<>(this, "receiveAcked(" + name() + ", " + group + ")", actual -> {
            Receiver<T> receiver = new AckedReceiver<>(actual, maxUnacked);
            joinGroup(group, receiver);
            return receiver;
        });
    }

    @Override
    public Flux<T> listen(Position from, ListenOptions listening) {
        return listening(from, listening, Receiver::new);
    }

    @Override
    public Flux<Entry<T>> listenEntries(Position from, ListenOptions listening) {
        return listening(from, listening, EntryReceiver::new);
    }

    private interface Factory<T> {
        Receiver<T> create(CoreSubscriber<?> actual);
    }

    private <R> Flux<R> listening(Position from, ListenOptions listening, Factory<T> factory) {
        Objects.requireNonNull(from, "from");
        Objects.requireNonNull(listening, "options");
        return new Reading<>(this, "listen(" + name() + ")", actual -> {
            Receiver<T> receiver = factory.create(actual);
            Group<T> listener = add("", true, listening.overflow(), listening.buffer(), from);
            Objects.requireNonNull(listener).join(receiver);
            return receiver;
        });
    }

    private void joinGroup(String name, Receiver<T> receiver) {
        Group<T> group;
        do {
            group = find(name);
            if (group == null) {
                GroupOptions defaults = GroupOptions.defaults();
                add(name, false, defaults.overflow(), defaults.buffer(), defaults.from());
                group = find(name);
            }
        } while (group == null || !group.join(receiver));
    }

    private @Nullable Group<T> find(String name) {
        for (Group<T> group : groups) {
            if (!group.isListener() && group.name().equals(name)) {
                return group;
            }
        }
        return null;
    }

    private static void requireGroup(String group) {
        if (group.isEmpty()) {
            throw new IllegalArgumentException("a group must have a name, was empty");
        }
    }

    @Override
    public Mono<Boolean> createGroup(String group, GroupOptions creating) {
        requireGroup(group);
        Objects.requireNonNull(creating, "options");
        return Mono.fromSupplier(() -> {
            Group<T> created = add(group, false, creating.overflow(), creating.buffer(), creating.from());
            if (created == null) {
                return false;
            }
            created.run();
            return true;
        });
    }

    /** Adds a reader; {@code null} when there is a group of that name. */
    private @Nullable Group<T> add(String name, boolean listener, Overflow overflow, int buffer, Position from) {
        History.Node walked = replay.walk(from);
        List<Group<T>> added = new ArrayList<>(1);
        lock();
        try {
            if (!listener && find(name) != null) {
                return null;
            }
            exclusively(() -> {
                awaitPublished(oldestInRing());
                Shelf<T> shelf = overflow == Overflow.BACKPRESSURE ? null : new Shelf<>(overflow, buffer);
                long waiting = !listener && unclaimed.isHeld() ? unclaimed.first() : nextOffset();
                Backlog<T> backlog = replay.begin(from, walked, waiting, shelf);
                Group<T> group = new Group<>(this, name, listener, backlog);
                if (!listener && !hasGroup()) {
                    unclaimed.end(history == null ? group.cursor() : 0);
                }
                Group<T>[] more = Arrays.copyOf(groups, groups.length + 1);
                more[more.length - 1] = group;
                // Senders find it from now on, and must wait until the room is computed with it.
                group.lock();
                added.add(group);
                groups = more;
            });
        } finally {
            added.forEach(Group::unlock);
            unlock();
        }
        flushDiscards();
        return added.get(0);
    }

    @Override
    public Mono<Boolean> removeGroup(String name) {
        requireGroup(name);
        return Mono.fromSupplier(() -> {
            SendQueue<T> told = new SendQueue<>();
            Group<T> group;
            lock();
            try {
                group = find(name);
                if (group == null) {
                    return false;
                }
                Group<T> removing = group;
                exclusively(() -> {
                    awaitPublished(oldestInRing());
                    without(removing);
                    removing.remove(!hasGroup());
                });
                admit(told);
            } finally {
                unlock();
            }
            group.run();
            tell(told);
            return true;
        });
    }

    /** With the gate shut and all groups locked. */
    private void without(Group<T> gone) {
        Departed all = departed;
        if (all == null) {
            all = new Departed();
            departed = all;
        }
        gone.depart(all);
        groups = Arrays.stream(groups).filter(group -> group != gone).toArray(length -> Arrays.copyOf(groups, length));
        if (!gone.isListener() && !hasGroup()) {
            unclaimed.begin(nextOffset());
        }
    }

    /** Makes a change to a group that may take room away. A listener without a member is removed. */
    void exclude(Group<T> group, Runnable change) {
        SendQueue<T> told = new SendQueue<>();
        lock();
        try {
            if (Arrays.asList(groups).contains(group)) {
                exclusively(() -> {
                    change.run();
                    if (group.isListener() && group.isDeserted()) {
                        without(group);
                    }
                });
            } else {
                group.lock();
                try {
                    change.run();
                } finally {
                    group.unlock();
                }
            }
            admit(told);
        } finally {
            unlock();
        }
        tell(told);
    }

    private boolean hasGroup() {
        for (Group<T> group : groups) {
            if (!group.isListener()) {
                return true;
            }
        }
        return false;
    }

    @Override
    long granted() {
        long granted = Long.MAX_VALUE;
        for (Group<T> group : groups) {
            granted = Math.min(granted, group.target());
        }
        if (unclaimed.isHeld()) {
            granted = Math.min(granted, unclaimed.target());
        }
        if (granted == Long.MAX_VALUE) {
            // Nobody is there at all: an element goes as soon as it has come, also where none may wait.
            return capacity == 0 ? base + 1 : base;
        }
        return granted;
    }

    @Override
    boolean retains() {
        return history != null;
    }

    @Override
    boolean isByAge() {
        return history != null && history.isByAge();
    }

    @Override
    void check(T element) {
        if (history != null) {
            history.check(element);
        }
    }

    @Override
    void skipped() {
        unclaimed.skip();
    }

    @Override
    void stepOver(long ticket) {
        unclaimed.stepOver(ticket);
    }

    @Override
    @SuppressWarnings("unchecked")
    void release() {
        long end = nextOffset();
        for (Group<T> group : groups) {
            end = Math.min(end, group.floor());
        }
        if (unclaimed.isHeld()) {
            end = Math.min(end, unclaimed.first());
        }
        long from = base;
        if (from >= end || slot(from) == null) {
            return;
        }
        long now = isByAge() ? now() : 0;
        long ticket = from;
        for (; ticket < end; ticket++) {
            Object value = slot(ticket);
            if (value == null) {
                break;
            }
            if (value != SKIPPED && history != null) {
                history.append(ticket, value, stamp(ticket));
            } else if (value != SKIPPED && unclaimed.contains(ticket)) {
                dropped++;
                discardLater((T) value);
            }
        }
        if (history != null) {
            history.evict(0, 0, now);
        }
        base = ticket;
        // A replaying reader that finds its slot empty must also find that the ring has moved on.
        VarHandle.releaseFence();
        for (long released = from; released < ticket; released++) {
            clear(released);
        }
    }

    private void discardLater(T value) {
        if (discards == null) {
            discards = new ArrayList<>();
        }
        discards.add(value);
    }

    /** Passes on what nobody wanted, outside all locks. */
    private void flushDiscards() {
        lock();
        List<T> unwanted = discards;
        discards = null;
        unlock();
        if (unwanted != null) {
            Thrown.rethrow(discard(unwanted, null));
        }
    }

    /** Passes elements to the discard hook; one that throws does not keep the others from it. */
    @Nullable Thrown discard(List<T> unwanted, @Nullable Thrown before) {
        Thrown thrown = before;
        Consumer<Object> hook = options.onDiscard();
        if (hook != null) {
            for (T element : unwanted) {
                try {
                    hook.accept(element);
                } catch (Throwable e) {
                    thrown = Thrown.by(e, thrown);
                }
            }
        }
        return thrown;
    }

    /** Lets waiting sends in; {@code null} when there were none. */
    @Nullable SendQueue<T> admitWaiting() {
        SendQueue<T> told = new SendQueue<>();
        lock();
        try {
            admit(told);
        } finally {
            unlock();
        }
        return told.isEmpty() ? null : told;
    }

    @Override
    protected void committed(int burst) {
        for (Group<T> group : groups) {
            group.wake(burst);
        }
        if (discards != null || unclaimed.isDropped()) {
            drop();
        }
    }

    /**
     * Lets go what no group wants. Whoever waited for its room is told, and may send more: so it is a loop of one thread,
     * and those who come meanwhile or from within only make it look again.
     */
    private void drop() {
        int reasons = (int) DROPS.getAndAdd(this, 1) + 1;
        if (reasons != 1) {
            return;
        }
        Thrown thrown = null;
        do {
            SendQueue<T> told = admitWaiting();
            try {
                flushDiscards();
                if (told != null) {
                    tell(told);
                }
            } catch (Throwable e) {
                thrown = Thrown.by(e, thrown);
            }
            reasons = (int) DROPS.getAndAdd(this, -reasons) - reasons;
        } while (reasons != 0);
        Thrown.rethrow(thrown);
    }

    @Override
    public void close() {
        close(new Closing(null));
    }

    @Override
    public void close(Throwable cause) {
        close(new Closing(Objects.requireNonNull(cause, "cause")));
    }

    private void close(Closing how) {
        SendQueue<T> told = new SendQueue<>();
        lock();
        try {
            if (closing != null) {
                return;
            }
            shut();
            closing = how;
            closeFastLane();
            releaseAll(told);
            reopen();
        } finally {
            unlock();
        }
        Thrown thrown = told.refuse(this::refusal, null);
        for (Group<T> group : groups) {
            try {
                group.run();
            } catch (Throwable e) {
                thrown = Thrown.by(e, thrown);
            }
        }
        Thrown.rethrow(thrown);
    }

    @Override
    public boolean isClosed() {
        return closing != null;
    }

    /** What receivers are told in the end; {@code null} for completion. */
    @Nullable Throwable closeCause() {
        Closing how = closing;
        return how == null ? null : how.cause();
    }

    @Override
    public Throwable refusal() {
        Throwable cause = closeCause();
        String message = "channel '" + name() + "' is closed and accepts no more elements";
        return cause == null
                ? new ChannelClosedException(message)
                : new ChannelClosedException(message + ": " + cause.getMessage(), cause);
    }

    @Override
    public Mono<ChannelStats> stats() {
        return Mono.fromSupplier(this::reading);
    }

    ChannelStats reading() {
        lock();
        try {
            List<ChannelStats.GroupStats> readings = new ArrayList<>();
            Departed gone = departed;
            long buffered = unclaimed.isHeld() ? unclaimed.size(nextOffset()) : 0;
            long delivered = gone == null ? 0 : gone.delivered();
            long listened = gone == null ? 0 : gone.listened();
            long lost = dropped + (gone == null ? 0 : gone.dropped());
            int receivers = 0;
            int ready = 0;
            for (Group<T> group : groups) {
                ChannelStats.GroupStats reading = group.stats();
                lost += reading.dropped();
                if (group.isListener()) {
                    listened += reading.delivered();
                    continue;
                }
                readings.add(reading);
                delivered += reading.delivered();
                buffered = Math.max(buffered, reading.backlog());
                receivers += reading.receivers();
                ready += group.waitingReceivers();
            }
            return new ChannelStats(
                    name(),
                    capacity,
                    buffered,
                    waitingSends(),
                    receivers,
                    ready,
                    groups.length - readings.size(),
                    nextOffset() - skips(),
                    delivered,
                    listened,
                    lost,
                    withdrawn(),
                    replay.retained(),
                    nextOffset(),
                    isClosed(),
                    List.copyOf(readings),
                    System.nanoTime());
        } finally {
            unlock();
        }
    }

    @Override
    public @Nullable Object scanUnsafe(@SuppressWarnings("rawtypes") Attr key) {
        if (key == Attr.NAME) {
            return name();
        }
        if (key == Attr.CAPACITY) {
            return capacity;
        }
        if (key == Attr.BUFFERED) {
            return (int) reading().buffered();
        }
        if (key == Attr.TERMINATED) {
            return isClosed();
        }
        if (key == Attr.ERROR) {
            return closeCause();
        }
        return key == Attr.RUN_STYLE ? Attr.RunStyle.SYNC : null;
    }

    @Override
    public String toString() {
        return "Channel[" + name() + ", capacity=" + capacity + (isClosed() ? ", closed]" : "]");
    }
}
