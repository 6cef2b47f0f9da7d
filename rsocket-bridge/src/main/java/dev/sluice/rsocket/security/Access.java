package dev.sluice.rsocket.security;

import dev.sluice.AccessDeniedException;
import java.util.Objects;

/** One caller's rights. Immutable and thread safe. */
public final class Access {

    private static final Access ALL = new Access(Identity.ANONYMOUS, AccessPolicy.allowAll());

    private final Identity identity;
    private final AccessPolicy policy;

    private Access(Identity identity, AccessPolicy policy) {
        this.identity = identity;
        this.policy = policy;
    }

    /** What a policy allows to an identity. */
    public static Access of(Identity identity, AccessPolicy policy) {
        return new Access(Objects.requireNonNull(identity, "identity"), Objects.requireNonNull(policy, "policy"));
    }

    /** Everything, for a caller that nobody has asked who it is. */
    public static Access all() {
        return ALL;
    }

    /** Who calls. */
    public Identity identity() {
        return identity;
    }

    /** Whether the caller may do this. */
    public boolean allows(Verb verb, String name) {
        return policy.allows(identity, verb, name);
    }

    /**
     * Refuses what the caller may not do. Ask before the name is looked up, so that the answer is the same whether it exists or not.
     *
     * @param name a channel or a service, as the caller gave it
     * @throws AccessDeniedException when the caller may not
     */
    public void check(Verb verb, String name) {
        if (!allows(verb, name)) {
            throw new AccessDeniedException(
                    verb + " of \"" + name + "\" is not allowed here: ask for the right, or show other credentials");
        }
    }

    @Override
    public String toString() {
        return "Access(" + identity.name() + ")";
    }
}
