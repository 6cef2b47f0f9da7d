package dev.sluice.hub.users;

import dev.sluice.InvalidNameException;
import dev.sluice.channel.NamePrefix;
import dev.sluice.channel.spi.Nearest;
import dev.sluice.rsocket.security.Verb;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a user may do with the names below a prefix. Immutable.
 *
 * @param prefix which names, as {@link NamePrefix} shows; {@code *} all
 * @param verbs what, at least one, unmodifiable
 */
public record Grant(String prefix, Set<Verb> verbs) {

    private static final String ALL = "all";
    private static final List<String> WORDS = Stream.concat(
                    Stream.of(Verb.values()).map(Grant::word), Stream.of(ALL))
            .toList();

    /**
     * A grant.
     *
     * @throws IllegalArgumentException when the prefix is empty or could not select a legal name, or there is no verb
     */
    public Grant {
        Objects.requireNonNull(prefix, "prefix");
        if (prefix.isEmpty()) {
            throw new IllegalArgumentException("the prefix is empty: write * for all names");
        }
        try {
            NamePrefix.of(prefix);
        } catch (InvalidNameException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        if (verbs.isEmpty()) {
            throw new IllegalArgumentException(
                    "no verb for \"" + prefix + "\", which allows nothing: name one of " + String.join(", ", WORDS));
        }
        verbs = Collections.unmodifiableSet(EnumSet.copyOf(verbs));
    }

    /**
     * Reads {@code VERBS@PREFIX}, as {@code send,receive@plant/*}. Verbs are those of {@link Verb} in lower case, and {@code all}.
     *
     * @throws IllegalArgumentException when it is none, with the nearest known verb for one that is misspelt
     */
    public static Grant parse(String text) {
        int at = text.indexOf('@');
        if (at < 0) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" has no @: write VERBS@PREFIX, as send,receive@plant/* or all@*");
        }
        return of(text.substring(at + 1), List.of(text.substring(0, at).split(",", -1)));
    }

    static Grant of(String prefix, Collection<String> words) {
        Set<Verb> verbs = EnumSet.noneOf(Verb.class);
        words.forEach(word -> verbs.addAll(verbs(word)));
        return new Grant(prefix, verbs);
    }

    private static Set<Verb> verbs(String word) {
        if (word.equals(ALL)) {
            return EnumSet.allOf(Verb.class);
        }
        for (Verb verb : Verb.values()) {
            if (word(verb).equals(word)) {
                return EnumSet.of(verb);
            }
        }
        throw new IllegalArgumentException(unknown("verb", word, WORDS));
    }

    /** What is wrong with a word, and what it was probably meant to be. */
    static String unknown(String what, String word, Collection<String> known) {
        String nearest = Nearest.to(word, known);
        return "unknown " + what + " \"" + word + "\"" + meant(nearest) + " Known: " + String.join(", ", known);
    }

    private static String meant(@Nullable String nearest) {
        return nearest == null ? "." : ": did you mean \"" + nearest + "\"?";
    }

    /** The verbs as words, {@code all} for all. */
    public List<String> words() {
        return verbs.size() == Verb.values().length
                ? List.of(ALL)
                : verbs.stream().map(Grant::word).toList();
    }

    private static String word(Verb verb) {
        return verb.name().toLowerCase(Locale.ROOT);
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        return words().stream().collect(Collectors.joining(",", "", "@" + prefix));
    }
}
