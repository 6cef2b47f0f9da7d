package dev.sluice.channel.memory;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Who reads a channel, and who did: changes {@link Admission#groups}, which senders read, says since when elements are
 * {@linkplain Unclaimed unclaimed}, and keeps the counters of readers that are gone.
 *
 * @param <T> the element
 */
final class Roster<T> {
    private final Admission<T> channel;
    private final Unclaimed unclaimed;

    /** Guarded by the channel's lock. */
    private @Nullable Departed departed;

    Roster(Admission<T> channel, Unclaimed unclaimed) {
        this.channel = channel;
        this.unclaimed = unclaimed;
    }

    static void requireName(String group) {
        // Said by hand: the VM's own message for a null goes missing where the caller is compiled.
        if (Objects.requireNonNull(group, "group").isEmpty()) {
            throw new IllegalArgumentException("a group must have a name, was empty");
        }
    }

    /** The group of a name; {@code null} when there is none. Final under the channel's lock, a hint without it. */
    @Nullable Group<T> find(String name) {
        for (Group<T> group : channel.groups) {
            if (!group.isListener() && group.name().equals(name)) {
                return group;
            }
        }
        return null;
    }

    /** Whether anybody reads who is not just a listener. */
    boolean hasGroup() {
        for (Group<T> group : channel.groups) {
            if (!group.isListener()) {
                return true;
            }
        }
        return false;
    }

    /** Under the channel's lock: whether a reader has not been removed. */
    boolean contains(Group<T> group) {
        return Arrays.asList(channel.groups).contains(group);
    }

    /** With the gate shut and all groups locked, as the new one is from now on: senders find it at once. */
    void add(Group<T> group) {
        group.lock();
        if (!group.isListener() && !hasGroup()) {
            unclaimed.end(channel.retains() ? 0 : group.cursor());
        }
        Group<T>[] groups = channel.groups;
        Group<T>[] more = Arrays.copyOf(groups, groups.length + 1);
        more[more.length - 1] = group;
        channel.groups = more;
    }

    /** With the gate shut and all groups locked: a reader goes, and its counters stay. */
    void remove(Group<T> gone) {
        Departed all = departed;
        if (all == null) {
            all = new Departed();
            departed = all;
        }
        gone.depart(all);
        Group<T>[] groups = channel.groups;
        int at = Arrays.asList(groups).indexOf(gone);
        Group<T>[] fewer = Arrays.copyOf(groups, groups.length - 1);
        System.arraycopy(groups, at + 1, fewer, at, fewer.length - at);
        channel.groups = fewer;
        if (!gone.isListener() && !hasGroup()) {
            unclaimed.begin(channel.nextOffset());
        }
    }

    /** A listener that nobody listens by any more goes; senders are shut out, for now or for good. */
    void dismiss(Group<T> group) {
        if (group.isListener() && group.isDeserted() && contains(group)) {
            remove(group);
        }
    }

    /** Under the channel's lock: what readers that are gone have counted; {@code null} when none is. */
    @Nullable Departed departed() {
        return departed;
    }
}
