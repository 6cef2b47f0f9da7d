package dev.sluice.rsocket.metrics;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Names of services as values of tags: only so many, and none that a stranger makes up. Thread safe. */
final class ServiceNames {

    static final String OTHER = "other";
    static final String UNKNOWN = "unknown";

    private final Set<String> known = ConcurrentHashMap.newKeySet();
    private final int most;

    ServiceNames(int most) {
        this.most = most;
    }

    /** A name this side has chosen. */
    String admit(String service) {
        if (known.contains(service)) {
            return service;
        }
        synchronized (known) {
            if (known.size() < most) {
                known.add(service);
                return service;
            }
        }
        return OTHER;
    }

    /** A name the other side calls. */
    String look(String service) {
        if (known.contains(service)) {
            return service;
        }
        return known.size() < most ? UNKNOWN : OTHER;
    }
}
