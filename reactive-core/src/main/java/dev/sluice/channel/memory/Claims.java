package dev.sluice.channel.memory;

import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What keeps a channel from expiring though nothing is in it: somebody has said how it is to be, is sending to it, or
 * counts on it. Guarded by the channel's lock.
 */
final class Claims {
    /** Groups that were created, and routes that lead here. A route is let go by whoever drops its sink, who does not say so. */
    private @Nullable Set<Object> claimants;

    /** How many {@code sendAll} go on: one whose publisher is silent waits nowhere. */
    private int streams;

    private boolean declared;

    /** Whether there is none. */
    boolean isEmpty() {
        return !declared && streams == 0 && (claimants == null || claimants.isEmpty());
    }

    void declare() {
        declared = true;
    }

    void enter() {
        streams++;
    }

    void leave() {
        streams--;
    }

    void add(Object claimant) {
        if (claimants == null) {
            claimants = Collections.newSetFromMap(new WeakHashMap<>(2));
        }
        claimants.add(claimant);
    }

    void remove(Object claimant) {
        if (claimants != null) {
            claimants.remove(claimant);
        }
    }
}
