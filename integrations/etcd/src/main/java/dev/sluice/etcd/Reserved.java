package dev.sluice.etcd;

import dev.sluice.directory.KeyTakenException;
import java.util.HashMap;
import java.util.Map;

/** Keys that are held through one keyspace, or about to be: etcd cannot tell them apart, since they share a lease. Thread safe. */
final class Reserved {

    private final Map<String, Held> keys = new HashMap<>();

    /** Takes all leased keys of a claim, or none. */
    synchronized void take(Held held) {
        for (String key : held.claim().leased().keySet()) {
            Held there = keys.get(key);
            if (there != null) {
                throw new KeyTakenException(key, there.claim().leased().getOrDefault(key, ""));
            }
        }
        held.claim().leased().keySet().forEach(key -> keys.put(key, held));
    }

    synchronized void free(Held held) {
        held.claim().leased().keySet().forEach(key -> keys.remove(key, held));
    }

    synchronized boolean isEmpty() {
        return keys.isEmpty();
    }
}
