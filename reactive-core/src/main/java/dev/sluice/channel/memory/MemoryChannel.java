package dev.sluice.channel.memory;

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
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A channel in memory: the readers of what an {@link Admission} lets in, and what is rare.
 *
 * @param <T> the element
 */
final class MemoryChannel<T> extends Lifetime<T> implements Channel<T> {
    /** Guarded by the lock; read without it as a hint. */
    private final Unclaimed unclaimed;

    private final Roster<T> roster;
    private final Discards<T> discards;

    /** What nobody wanted, for {@link #discards}. Guarded by the lock; every sender looks at it without, as a hint. */
    private @Nullable List<T> unwanted;

    /** How many elements were unwanted so far. Guarded by the lock. */
    private long dropped;

    MemoryChannel(ChannelOptions options) {
        super(options);
        this.unclaimed = new Unclaimed(options.whenNoGroup() == WhenNoGroup.HOLD);
        this.roster = new Roster<>(this, unclaimed);
        this.discards = new Discards<>(this, options.onDiscard());
    }

    /** Without state of its own, as the census: made when it is needed, for most channels may be idle. */
    private Joining<T> joining() {
        return new Joining<>(this, roster);
    }

    private Census<T> census() {
        return new Census<>(this, roster, unclaimed, replay());
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
            declare();
            lock();
            try {
                requireAlive();
                exclusively(() -> {
                    capacity = newCapacity;
                    shrinkRing();
                });
                admit(told);
            } finally {
                unlock();
            }
            tell(told);
        });
    }

    @Override
    public Mono<Void> retain(Retention retention) {
        Objects.requireNonNull(retention, "retention");
        return Mono.fromRunnable(() -> {
            SendQueue<T> told = new SendQueue<>();
            try {
                lock();
                try {
                    requireAlive();
                    exclusively(() -> keep(retention));
                    declareLocked();
                    admit(told);
                } finally {
                    unlock();
                }
            } finally {
                // Also when it failed: what everybody has passed was let go.
                tell(told);
            }
        });
    }

    @Override
    public Flux<T> receive(String group) {
        return joining().receive(group);
    }

    @Override
    public Flux<Delivery<T>> receiveAcked(String group, int maxUnacked) {
        return joining().receiveAcked(group, maxUnacked);
    }

    @Override
    public Flux<T> listen(Position from, ListenOptions listening) {
        return joining().listen(from, listening);
    }

    @Override
    public Flux<Entry<T>> listenEntries(Position from, ListenOptions listening) {
        return joining().listenEntries(from, listening);
    }

    @Override
    public Mono<Boolean> createGroup(String group, GroupOptions creating) {
        return joining().createGroup(group, creating);
    }

    /** Adds a reader; {@code null} when there is a group of that name. Fails when the channel has expired. */
    @Nullable Group<T> add(String name, Kind kind, Overflow overflow, int buffer, Position from) {
        boolean listener = kind == Kind.LISTENER;
        Replay<T> walked = replay().walk(from);
        Group<T> group;
        lock();
        try {
            requireAlive();
            Group<T> there = listener ? null : roster.find(name);
            if (there != null) {
                claimIf(kind, there);
                return null;
            }
            exclusively(() -> {
                awaitPublished(oldestInRing());
                Shelf<T> shelf = overflow == Overflow.BACKPRESSURE ? null : new Shelf<>(overflow, buffer);
                long waiting = !listener && unclaimed.isHeld() ? unclaimed.first() : nextOffset();
                Backlog<T> backlog = replayFrom(walked).begin(from, waiting, shelf);
                roster.add(new Group<>(this, name, listener, backlog));
            });
            group = groups[groups.length - 1];
            claimIf(kind, group);
        } finally {
            unlock();
        }
        discards.flush();
        return group;
    }

    private void claimIf(Kind kind, Group<T> group) {
        if (kind == Kind.CREATED) {
            claim(group);
        }
    }

    @Override
    public Mono<Boolean> removeGroup(String name) {
        Roster.requireName(name);
        return Mono.fromSupplier(() -> {
            SendQueue<T> told = new SendQueue<>();
            Group<T> group;
            lock();
            try {
                group = roster.find(name);
                if (group == null) {
                    return false;
                }
                Group<T> removing = group;
                exclusively(() -> {
                    awaitPublished(oldestInRing());
                    roster.remove(removing);
                    unclaim(removing);
                    removing.remove(!roster.hasGroup());
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

    /** Makes a change to a group that may take room away. A listener without a member is removed. */
    void exclude(Group<T> group, Runnable change) {
        Runnable all = () -> {
            change.run();
            roster.dismiss(group);
        };
        SendQueue<T> told = new SendQueue<>();
        lock();
        try {
            if (isClosed() || !roster.contains(group)) {
                // No sender's room can be taken away.
                group.lock();
                try {
                    all.run();
                } finally {
                    group.unlock();
                }
                return;
            }
            exclusively(all);
            admit(told);
        } finally {
            unlock();
        }
        tell(told);
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
        History history = history();
        long now = now();
        long ticket = from;
        for (; ticket < end; ticket++) {
            Object value = slot(ticket);
            if (value == null) {
                break;
            }
            if (value != Ring.SKIPPED && history != null) {
                history.append(ticket, value, stamp(ticket));
            } else if (value != Ring.SKIPPED && unclaimed.contains(ticket)) {
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
        if (unwanted == null) {
            unwanted = new ArrayList<>();
        }
        unwanted.add(value);
    }

    /** What nobody wanted, for who passes it on outside all locks; {@code null} when there is nothing. */
    @Nullable List<T> takeUnwanted() {
        lock();
        List<T> taken = unwanted;
        unwanted = null;
        unlock();
        return taken;
    }

    /** Passes elements to the discard hook, outside all locks. */
    @Nullable Thrown discard(List<T> elements, @Nullable Thrown before) {
        return discards.pass(elements, before);
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
        if (unwanted != null || unclaimed.isDropped()) {
            discards.drop();
        }
    }

    @Override
    public void close() {
        close(Closing.because(null));
    }

    @Override
    public void close(Throwable cause) {
        close(Closing.because(Objects.requireNonNull(cause, "cause")));
    }

    @Override
    boolean isIdle() {
        for (Group<T> group : groups) {
            boolean through = group.tally.isSettled() && group.backlog.isEmpty(nextOffset(), sole);
            if (group.isListener() || !group.isDeserted() || !through) {
                return false;
            }
        }
        boolean waits = unclaimed.isHeld() && unclaimed.size(nextOffset()) > 0;
        return !waits && replay().retained() == 0;
    }

    @Override
    void dissolve() {
        for (Group<T> group : groups) {
            roster.remove(group);
            group.remove(!roster.hasGroup());
        }
    }

    @Override
    public Mono<ChannelStats> stats() {
        return Mono.fromSupplier(this::reading);
    }

    ChannelStats reading() {
        lock();
        try {
            return census().read(dropped);
        } finally {
            unlock();
        }
    }

    @Override
    public @Nullable Object scanUnsafe(@SuppressWarnings("rawtypes") Attr key) {
        return census().scan(key);
    }

    @Override
    public String toString() {
        return "Channel[" + name() + ", capacity=" + capacity + (isClosed() ? ", closed]" : "]");
    }
}
