package dev.sluice.rsocket.outlet;

import dev.sluice.ChannelNotFoundException;
import dev.sluice.Frame;
import dev.sluice.channel.NamePrefix;
import dev.sluice.channel.SwitchableSender;
import dev.sluice.rsocket.outlet.Entry.State;
import dev.sluice.rsocket.session.Failures;
import dev.sluice.rsocket.wire.Code;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Which outlets there are, and which clients hold which. Guarded by itself. Openers, closers, timers and answers are no business of the lock: what is
 * to be done with them is collected under it, and done when it is let go, by the thread that had it.
 *
 * <p><b>Invariants.</b>
 *
 * <ul>
 *   <li>A name has one {@link Entry}, whose {@link State} says what may be done with it. The opener is called by the thread that made it OPENING, the
 *       closer by the one that made it CLOSING, so each once, and never for a name whose entry is there.
 *   <li>{@code opened} counts the entries that are not OFFERED: at most {@code maxOpened}, those that are CLOSING too.
 *   <li>Entries that are OPENING or OPEN may have holders, others have none; {@code held} tells the same the other way round.
 *   <li>{@code idle} has the entries that are OPEN without holders, those that are so the longest first; each has its {@link IdleTime}, which tells
 *       the timer that is running from one that comes too late.
 *   <li>Only entries that are OPENING or CLOSING are waited for.
 * </ul>
 */
final class OutletTable {

    private static final Logger LOG = LoggerFactory.getLogger(Outlets.class);

    private final OutletOptions options;
    private final Map<String, Entry> entries = new TreeMap<>();
    private final Holdings held;
    private final Set<Entry> idle = new LinkedHashSet<>();
    private final Sinks.Empty<Void> empty = Sinks.empty();
    private int opened;
    private boolean closed;

    OutletTable(OutletOptions options) {
        this.options = options;
        this.held = new Holdings(options.maxPerClient());
    }

    /** An outlet and its name, taken out of the table to be looked at without the lock. */
    record Listed(String name, SwitchableSender<Frame> outlet, boolean opened, int holders) {}

    /** Adds one of the application's; false when the name is taken. */
    synchronized boolean offer(String name, SwitchableSender<Frame> outlet) {
        if (closed) {
            throw new IllegalStateException(
                    "outlet \"" + name + "\" cannot be offered: these outlets are closed, make new ones");
        }
        return entries.putIfAbsent(name, new Entry(name, outlet)) == null;
    }

    /** Removes one, whosoever; false when there is none. */
    boolean remove(String name) {
        List<Runnable> after = new ArrayList<>(2);
        boolean removed;
        synchronized (this) {
            Entry found = entries.get(name);
            removed = found != null && found.isThere();
            if (removed) {
                remove(Objects.requireNonNull(found), after);
            }
        }
        after.forEach(Runnable::run);
        return removed;
    }

    private void remove(Entry entry, List<Runnable> after) {
        if (entry.state() == State.OPEN) {
            close(entry, after);
        } else {
            entries.remove(entry.name());
        }
    }

    synchronized SwitchableSender<Frame> require(String name) {
        Entry found = entries.get(name);
        if (found == null || !found.isThere()) {
            throw new ChannelNotFoundException("there is no outlet \"" + name
                    + "\": open it, again if its clients were away too long, or offer it on the server");
        }
        return found.outlet();
    }

    /**
     * Has a client hold an outlet, which is opened if there is none. Lazy. A cancel has it wait no longer, and leaves it what it holds.
     *
     * @param maker calls the opener
     * @param onHeld called when the client has begun to hold it, before it is known whether it can be opened: from then on it may {@link #leave}
     * @return completes when the outlet is there
     */
    Mono<Void> open(String name, Object holder, Supplier<? extends SwitchableSender<Frame>> maker, Runnable onHeld) {
        return Mono.create(answer -> {
            Opening opening = new Opening(name, holder, maker, onHeld, answer);
            answer.onCancel(() -> {
                synchronized (this) {
                    opening.cancel();
                }
            });
            attempt(List.of(opening));
        });
    }

    private void attempt(Collection<Opening> some) {
        Deque<Opening> next = new ArrayDeque<>(some);
        while (!next.isEmpty()) {
            next.addAll(attempt(next.remove()));
        }
    }

    /** Gives those that have to try again because of it. */
    private Collection<Opening> attempt(Opening opening) {
        List<Runnable> after = new ArrayList<>(3);
        Entry begun;
        try {
            synchronized (this) {
                begun = opening.isCancelled() ? null : admit(opening, after);
            }
        } catch (RuntimeException refused) {
            opening.fail(refused);
            return List.of();
        }
        after.forEach(Runnable::run);
        return begun == null ? List.of() : make(begun, opening);
    }

    /** What an open comes to; gives the entry whose outlet it has to make. When it throws nothing has changed. */
    private @Nullable Entry admit(Opening opening, List<Runnable> after) {
        if (closed) {
            throw Failures.of(
                    Code.UNAVAILABLE,
                    "outlet \"" + opening.name() + "\" cannot be opened: the outlets of this server are closed");
        }
        Entry found = entries.get(opening.name());
        if (found == null) {
            return begin(opening, after);
        }
        switch (found.state()) {
            case OFFERED -> after.add(opening::succeed);
            case OPEN -> {
                hold(found, opening, after);
                endIdleTime(found, after);
                after.add(opening::succeed);
            }
            case OPENING -> {
                hold(found, opening, after);
                opening.await(found);
            }
            case CLOSING -> opening.await(found);
        }
        return null;
    }

    private @Nullable Entry begin(Opening opening, List<Runnable> after) {
        Entry begun = new Entry(opening.name());
        if (opened < options.maxOpened()) {
            hold(begun, opening, after);
            opening.await(begun);
            entries.put(begun.name(), begun);
            opened++;
            return begun;
        }
        held.check(opening.holder(), opening.name());
        if (idle.isEmpty()) {
            throw Failures.of(
                    Code.LIMIT,
                    "outlet \"" + opening.name() + "\" is one too many: clients may have " + options.maxOpened()
                            + " open here together, try again when some are released, or raise maxOpened");
        }
        // Nobody needs it, and it would keep out who does.
        Entry longest = idle.iterator().next();
        close(longest, after);
        opening.await(longest);
        return null;
    }

    private void hold(Entry entry, Opening opening, List<Runnable> after) {
        if (!entry.holders().contains(opening.holder())) {
            held.check(opening.holder(), opening.name());
            entry.holders().add(opening.holder());
            held.add(opening.holder(), entry.name());
        }
        after.add(opening::held);
    }

    /** Calls the opener for an entry that is OPENING. */
    private Collection<Opening> make(Entry entry, Opening opening) {
        SwitchableSender<Frame> made;
        try {
            made = opening.make();
        } catch (Throwable failure) {
            return unmade(entry, opening, failure);
        }
        List<Runnable> after = new ArrayList<>(2);
        Collection<Opening> again = List.of();
        synchronized (this) {
            Collection<Opening> waited = entry.takeWaiting();
            entry.is(State.OPEN, made);
            if (closed) {
                close(entry, after);
                again = waited;
            } else {
                waited.forEach(satisfied -> after.add(satisfied::succeed));
                if (entry.holders().isEmpty()) {
                    beginIdleTime(entry, after);
                }
            }
        }
        after.forEach(Runnable::run);
        return again;
    }

    private Collection<Opening> unmade(Entry entry, Opening opening, Throwable failure) {
        List<Runnable> after = new ArrayList<>(2);
        Collection<Opening> others;
        synchronized (this) {
            entry.forget(opening);
            dropHolders(entry);
            others = free(entry, after);
        }
        after.add(() -> opening.fail(failure));
        after.forEach(Runnable::run);
        return others;
    }

    /** A client holds one no longer; false when it did not. */
    boolean release(String name, Object holder) {
        List<Runnable> after = new ArrayList<>(1);
        synchronized (this) {
            if (!held.remove(holder, name)) {
                return false;
            }
            dropHolder(name, holder, after);
        }
        after.forEach(Runnable::run);
        return true;
    }

    /** A client is gone. */
    void leave(Object holder) {
        List<Runnable> after = new ArrayList<>();
        synchronized (this) {
            for (String name : held.of(holder)) {
                held.remove(holder, name);
                dropHolder(name, holder, after);
            }
        }
        after.forEach(Runnable::run);
    }

    private void dropHolder(String name, Object holder, List<Runnable> after) {
        Entry entry = Objects.requireNonNull(entries.get(name), name);
        entry.holders().remove(holder);
        // While it is OPENING its opener's thread sees to it.
        if (entry.holders().isEmpty() && entry.state() == State.OPEN) {
            beginIdleTime(entry, after);
        }
    }

    private void dropHolders(Entry entry) {
        entry.holders().forEach(holder -> held.remove(holder, entry.name()));
        entry.holders().clear();
    }

    private void beginIdleTime(Entry entry, List<Runnable> after) {
        if (options.idle().isZero()) {
            close(entry, after);
            return;
        }
        IdleTime time = new IdleTime();
        entry.idleTime(time);
        idle.add(entry);
        after.add(() -> time.start(options.clock(), options.idle(), () -> expire(entry, time)));
    }

    private void endIdleTime(Entry entry, List<Runnable> after) {
        IdleTime time = entry.idleTime();
        if (time != null) {
            entry.idleTime(null);
            idle.remove(entry);
            after.add(time::stop);
        }
    }

    private void expire(Entry entry, IdleTime time) {
        List<Runnable> after = new ArrayList<>(2);
        synchronized (this) {
            if (entry.idleTime() == time) {
                close(entry, after);
            }
        }
        after.forEach(Runnable::run);
    }

    /** Makes one that is OPEN be CLOSING. */
    private void close(Entry entry, List<Runnable> after) {
        entry.is(State.CLOSING);
        dropHolders(entry);
        endIdleTime(entry, after);
        after.add(() -> callCloser(entry));
    }

    private void callCloser(Entry entry) {
        BiFunction<String, SwitchableSender<Frame>, ? extends Publisher<?>> closer = options.closer();
        if (closer == null) {
            closed(entry);
            return;
        }
        try {
            Publisher<?> closing = closer.apply(entry.name(), entry.outlet());
            Flux.from(Objects.requireNonNull(closing, "a closer must return a publisher"))
                    .subscribe(ignored -> {}, failure -> closerFailed(entry, failure), () -> closed(entry));
        } catch (Throwable failure) {
            closerFailed(entry, failure);
        }
    }

    private void closerFailed(Entry entry, Throwable failure) {
        LOG.error("The closer of outlet \"{}\" failed; its name is free again", entry.name(), failure);
        closed(entry);
    }

    /** Not more than once, whatever a closer tells. */
    private void closed(Entry entry) {
        List<Runnable> after = new ArrayList<>(1);
        Collection<Opening> waited = List.of();
        synchronized (this) {
            if (entries.get(entry.name()) == entry) {
                waited = free(entry, after);
            }
        }
        after.forEach(Runnable::run);
        attempt(waited);
    }

    /** Makes one absent that was OPENING or CLOSING; gives those who waited. */
    private Collection<Opening> free(Entry entry, List<Runnable> after) {
        entries.remove(entry.name());
        opened--;
        if (closed && opened == 0) {
            after.add(empty::tryEmitEmpty);
        }
        return entry.takeWaiting();
    }

    /** Removes all, and lets none in from now on. Lazy; completes when the last closer has. */
    Mono<Void> close() {
        return Mono.defer(() -> {
            List<Runnable> after = new ArrayList<>();
            boolean last;
            synchronized (this) {
                closed = true;
                last = opened == 0;
                List.copyOf(entries.values()).stream().filter(Entry::isThere).forEach(entry -> remove(entry, after));
            }
            after.forEach(Runnable::run);
            if (last) {
                empty.tryEmitEmpty();
            }
            return empty.asMono();
        });
    }

    synchronized List<Listed> list(NamePrefix prefix) {
        return entries.values().stream()
                .filter(entry -> entry.isThere() && prefix.matches(entry.name()))
                .map(entry -> new Listed(
                        entry.name(),
                        entry.outlet(),
                        entry.state() == State.OPEN,
                        entry.holders().size()))
                .toList();
    }
}
