package dev.sluice.rsocket.security;

import java.util.Objects;
import java.util.Set;

/**
 * Who a caller is. Immutable.
 *
 * @param name who; empty for one that nobody has asked
 * @param roles what it is, unmodifiable
 */
public record Identity(String name, Set<String> roles) {

    /** A caller of a server that asks nobody. */
    public static final Identity ANONYMOUS = new Identity("", Set.of());

    /** An identity. */
    public Identity {
        Objects.requireNonNull(name, "name");
        roles = Set.copyOf(roles);
    }

    /** An identity. */
    public static Identity of(String name, String... roles) {
        return new Identity(name, Set.of(roles));
    }
}
