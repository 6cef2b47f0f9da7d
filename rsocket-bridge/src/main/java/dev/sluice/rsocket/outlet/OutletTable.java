package dev.sluice.rsocket.outlet;

import dev.sluice.ChannelNotFoundException;
import dev.sluice.Frame;
import dev.sluice.channel.NamePrefix;
import dev.sluice.channel.SwitchableSender;
import dev.sluice.rsocket.session.Failures;
import dev.sluice.rsocket.wire.Code;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which outlets there are, and which clients hold which. Guarded by itself; runs no code of users under the lock.
 *
 * <p><b>Invariant.</b> An outlet that is opened has a holder, one that is offered has none; {@code opened} counts the first, and {@code held} has for
 * each client that is known the names of those it holds.
 */
final class OutletTable {

    private final OutletOptions options;
    private final Map<String, Entry> entries = new TreeMap<>();
    private final Map<Object, Set<String>> held = new HashMap<>();
    private int opened;

    OutletTable(OutletOptions options) {
        this.options = options;
    }

    private record Entry(SwitchableSender<Frame> outlet, Set<Object> holders) {
        boolean isOpened() {
            return !holders.isEmpty();
        }
    }

    /** An outlet and its name, taken out of the table to be looked at without the lock. */
    record Listed(String name, SwitchableSender<Frame> outlet, boolean opened) {}

    /** Adds one of the application's; false when the name is taken. */
    synchronized boolean offer(String name, SwitchableSender<Frame> outlet) {
        return entries.putIfAbsent(name, new Entry(outlet, Set.of())) == null;
    }

    /** Removes one, whosoever; false when there is none. */
    synchronized boolean remove(String name) {
        Entry removed = entries.remove(name);
        if (removed == null) {
            return false;
        }
        opened -= removed.isOpened() ? 1 : 0;
        for (Object holder : removed.holders) {
            Set<String> names = held.get(holder);
            if (names != null) {
                names.remove(name);
            }
        }
        return true;
    }

    synchronized SwitchableSender<Frame> require(String name) {
        Entry found = entries.get(name);
        if (found == null) {
            throw new ChannelNotFoundException("there is no outlet \"" + name
                    + "\": open it, again if its clients were away too long, or offer it on the server");
        }
        return found.outlet;
    }

    /** Whether there is one; when it is opened, one more holds it from now on. */
    synchronized boolean join(String name, Object holder) {
        Entry found = entries.get(name);
        if (found == null) {
            return false;
        }
        if (found.isOpened() && !found.holders.contains(holder)) {
            names(name, holder).add(name);
            found.holders.add(holder);
        }
        return true;
    }

    /** Adds one that a client opens, or joins the one there is by now. */
    synchronized void open(String name, SwitchableSender<Frame> outlet, Object holder) {
        if (join(name, holder)) {
            return;
        }
        if (opened >= options.maxOpened()) {
            throw Failures.of(
                    Code.LIMIT,
                    "outlet \"" + name + "\" is one too many: clients may have " + options.maxOpened()
                            + " open here together, try again when some are released, or raise maxOpened");
        }
        names(name, holder).add(name);
        Set<Object> holders = new HashSet<>(2);
        holders.add(holder);
        entries.put(name, new Entry(outlet, holders));
        opened++;
    }

    /** What a client holds, when it may hold one more. */
    private Set<String> names(String name, Object holder) {
        Set<String> names = held.computeIfAbsent(holder, none -> new HashSet<>(2));
        if (names.size() >= options.maxPerClient()) {
            throw Failures.of(
                    Code.LIMIT,
                    "outlet \"" + name + "\" is one too many: a client may have " + options.maxPerClient()
                            + " open here, release one, or raise maxPerClient");
        }
        return names;
    }

    /** A client holds one no longer; false when it did not. */
    synchronized boolean release(String name, Object holder) {
        Set<String> names = held.get(holder);
        if (names == null || !names.remove(name)) {
            return false;
        }
        dropHolder(name, holder);
        return true;
    }

    /** A client is gone. */
    synchronized void leave(Object holder) {
        Set<String> names = held.remove(holder);
        if (names != null) {
            names.forEach(name -> dropHolder(name, holder));
        }
    }

    private void dropHolder(String name, Object holder) {
        Entry entry = entries.get(name);
        if (entry != null && entry.holders.remove(holder) && entry.holders.isEmpty()) {
            entries.remove(name);
            opened--;
        }
    }

    synchronized List<Listed> list(NamePrefix prefix) {
        return entries.entrySet().stream()
                .filter(entry -> prefix.matches(entry.getKey()))
                .map(entry -> new Listed(
                        entry.getKey(),
                        entry.getValue().outlet,
                        entry.getValue().isOpened()))
                .toList();
    }
}
