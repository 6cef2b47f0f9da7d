package dev.sluice.rsocket.outlet;

import dev.sluice.rsocket.session.Failures;
import dev.sluice.rsocket.wire.Code;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** For each client that holds any, the names of the outlets it holds. Guarded by the {@link OutletTable}. */
final class Holdings {

    private final int maxPerClient;
    private final Map<Object, Set<String>> names = new HashMap<>();

    Holdings(int maxPerClient) {
        this.maxPerClient = maxPerClient;
    }

    /** Fails when a client may not hold one more. */
    void check(Object holder, String name) {
        if (names.getOrDefault(holder, Set.of()).size() >= maxPerClient) {
            throw Failures.of(
                    Code.LIMIT,
                    "outlet \"" + name + "\" is one too many: a client may have " + maxPerClient
                            + " open here, release one, or raise maxPerClient");
        }
    }

    void add(Object holder, String name) {
        names.computeIfAbsent(holder, none -> new HashSet<>(2)).add(name);
    }

    /** False when the client did not hold it. */
    boolean remove(Object holder, String name) {
        Set<String> its = names.get(holder);
        if (its == null || !its.remove(name)) {
            return false;
        }
        if (its.isEmpty()) {
            names.remove(holder);
        }
        return true;
    }

    /** What a client holds now. */
    List<String> of(Object holder) {
        return List.copyOf(names.getOrDefault(holder, Set.of()));
    }
}
