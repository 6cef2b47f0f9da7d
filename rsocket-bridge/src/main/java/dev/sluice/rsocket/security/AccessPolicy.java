package dev.sluice.rsocket.security;

import dev.sluice.channel.NamePrefix;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;

/** Says who may do what with which names. Thread safe, asked on event loops: must not block. */
@FunctionalInterface
public interface AccessPolicy {

    /**
     * Whether a caller may do something.
     *
     * @param name a channel or a service, which need not exist
     */
    boolean allows(Identity identity, Verb verb, String name);

    /** Allows everything to everyone. */
    static AccessPolicy allowAll() {
        return (identity, verb, name) -> true;
    }

    /** Allows nothing to anyone. */
    static AccessPolicy denyAll() {
        return (identity, verb, name) -> false;
    }

    /** A builder of rules; what no rule allows is denied. */
    static Builder builder() {
        return new Builder();
    }

    /**
     * Builds a policy of rules, whose order does not matter: each only allows. A prefix selects names as {@link NamePrefix} shows: whole
     * segments, {@code *} all names. Not thread safe.
     */
    final class Builder {
        private final List<Rule> rules = new ArrayList<>();

        private Builder() {}

        private record Rule(Predicate<Identity> who, NamePrefix prefix, Set<Verb> verbs) {}

        /** Allows something to all who have been let in. */
        public Builder everyone(String prefix, Verb... verbs) {
            return add(identity -> true, prefix, verbs);
        }

        /** Allows something to the identity of a name. */
        public Builder identity(String name, String prefix, Verb... verbs) {
            Objects.requireNonNull(name, "name");
            return add(identity -> identity.name().equals(name), prefix, verbs);
        }

        /** Allows something to all who have a role. */
        public Builder role(String role, String prefix, Verb... verbs) {
            Objects.requireNonNull(role, "role");
            return add(identity -> identity.roles().contains(role), prefix, verbs);
        }

        private Builder add(Predicate<Identity> who, String prefix, Verb... verbs) {
            if (verbs.length == 0) {
                throw new IllegalArgumentException(
                        "a rule for \"" + prefix + "\" without a verb allows nothing: name one");
            }
            rules.add(new Rule(who, NamePrefix.of(prefix), EnumSet.copyOf(List.of(verbs))));
            return this;
        }

        /** The policy. */
        public AccessPolicy build() {
            List<Rule> all = List.copyOf(rules);
            return (identity, verb, name) -> {
                for (Rule rule : all) {
                    if (rule.verbs.contains(verb) && rule.prefix.matches(name) && rule.who.test(identity)) {
                        return true;
                    }
                }
                return false;
            };
        }
    }
}
