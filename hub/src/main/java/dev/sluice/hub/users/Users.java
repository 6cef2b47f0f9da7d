package dev.sluice.hub.users;

import dev.sluice.ConfigurationException;
import dev.sluice.channel.NamePrefix;
import dev.sluice.rsocket.security.AccessPolicy;
import dev.sluice.rsocket.security.Verb;
import java.nio.file.Path;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The users of a hub: their names, hashed secrets and what they may do, of a YAML file. Immutable and thread safe.
 *
 * <pre>{@code
 * users:
 *   ann:
 *     secret: pbkdf2-sha256$600000$…$…
 *     may:
 *       - prefix: plant/*
 *         verbs: [send, receive]
 *       - prefix: "*"
 *         verbs: [all]
 * }</pre>
 *
 * Verbs are those of {@link Verb} in lower case, and {@code all}. {@link UsersFile} writes such files.
 */
public final class Users {

    private static final Logger LOG = LoggerFactory.getLogger(Users.class);

    private final Map<String, User> byName;

    private Users(Map<String, User> byName) {
        this.byName = byName;
    }

    /**
     * Reads a users file, at most 1 MiB of UTF-8. Reads the disk: not for event loops. Logs a warning when others than the file's owner may read it.
     *
     * @throws ConfigurationException when it cannot be read, has no user, or anything in it is not as above; with file, line, user and field
     */
    public static Users read(Path file) {
        Users users = parse(UsersText.read(file), file.toString());
        if (Permissions.othersRead(file)) {
            LOG.warn("The users file {} can be read by others than its owner: chmod 600 {}", file, file);
        }
        return users;
    }

    /**
     * Reads the text of a users file.
     *
     * @param source what errors call it
     * @throws ConfigurationException as {@link #read} says
     */
    public static Users parse(String text, String source) {
        Map<String, User> users = UsersText.parse(text, source).users();
        if (users.isEmpty()) {
            throw new ConfigurationException(
                    source + ": has no users, so nobody could come in: sluice passwd NAME --users FILE adds one");
        }
        return new Users(users);
    }

    /**
     * Refuses what cannot be the name of a user: empty, longer than 256 characters, with a colon, control or invisible characters, or spaces around
     * it.
     *
     * @throws IllegalArgumentException saying why
     */
    public static void requireName(String name) {
        User.requireName(name);
    }

    /** The names, in the order of the file. */
    public Collection<String> names() {
        return byName.keySet();
    }

    Collection<User> all() {
        return byName.values();
    }

    /** A new authenticator of these users, with threads of its own: dispose of it. */
    public UsersAuthenticator authenticator() {
        return new UsersAuthenticator(all());
    }

    /** What these users may do, by the name of the identity. What nothing allows is denied. */
    public AccessPolicy policy() {
        Map<String, List<Rule>> rules = new HashMap<>();
        byName.forEach((name, user) ->
                rules.put(name, user.may().stream().map(Rule::of).toList()));
        return (identity, verb, name) -> {
            for (Rule rule : rules.getOrDefault(identity.name(), List.of())) {
                if (rule.verbs.contains(verb) && rule.prefix.matches(name)) {
                    return true;
                }
            }
            return false;
        };
    }

    private record Rule(NamePrefix prefix, Set<Verb> verbs) {
        static Rule of(Grant grant) {
            return new Rule(NamePrefix.of(grant.prefix()), EnumSet.copyOf(grant.verbs()));
        }
    }

    @Override
    public String toString() {
        return "Users" + byName.keySet();
    }
}
