package dev.sluice.channel;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What became of a broadcast, channel by channel. Immutable. */
public final class BroadcastResult {

    /** What became of the element at one channel. */
    public enum Outcome {
        /** It is in the channel, or in a receiver's hands. */
        ACCEPTED,
        /** There was no room, and the broadcast did not wait: the channel did not get it. */
        FULL,
        /** There was no room in time: the element was withdrawn, the channel did not get it. */
        TIMED_OUT,
        /** The channel is closed: it did not get it. */
        CLOSED,
        /** The channel failed; see {@link BroadcastResult#failures()}. */
        FAILED
    }

    private final Map<String, Outcome> outcomes;
    private final Map<String, Throwable> failures;
    private final Map<Outcome, Integer> totals = new EnumMap<>(Outcome.class);

    private BroadcastResult(Map<String, Outcome> outcomes, Map<String, Throwable> failures) {
        this.outcomes = Collections.unmodifiableMap(new TreeMap<>(outcomes));
        this.failures = Collections.unmodifiableMap(new TreeMap<>(failures));
        this.outcomes.values().forEach(outcome -> totals.merge(outcome, 1, Integer::sum));
    }

    /**
     * A result, for engines.
     *
     * @param outcomes by the names of the channels; copied
     * @param failures the errors of those that {@link Outcome#FAILED}, by name; copied
     * @return the result
     */
    public static BroadcastResult of(Map<String, Outcome> outcomes, Map<String, Throwable> failures) {
        return new BroadcastResult(outcomes, failures);
    }

    /**
     * The outcome at every channel the prefix selected.
     *
     * @return by name, in the order of the names
     */
    public Map<String, Outcome> outcomes() {
        return outcomes;
    }

    /**
     * The errors of the channels that {@link Outcome#FAILED}.
     *
     * @return by name, in the order of the names; mostly empty
     */
    public Map<String, Throwable> failures() {
        return failures;
    }

    /**
     * The channels with an outcome.
     *
     * @param outcome the outcome
     * @return their names, in order
     */
    public List<String> names(Outcome outcome) {
        List<String> names = new ArrayList<>(count(outcome));
        outcomes.forEach((name, its) -> {
            if (its == outcome) {
                names.add(name);
            }
        });
        return names;
    }

    /**
     * How many channels had an outcome.
     *
     * @param outcome the outcome
     * @return 0 or more
     */
    public int count(Outcome outcome) {
        return totals.getOrDefault(outcome, 0);
    }

    /**
     * How many channels the prefix selected.
     *
     * @return 0 or more
     */
    public int total() {
        return outcomes.size();
    }

    /**
     * Whether every selected channel got the element; true when none was selected.
     *
     * @return false when a channel is without it
     */
    public boolean isComplete() {
        return count(Outcome.ACCEPTED) == total();
    }

    /** The totals: {@code 5 channels: 3 accepted, 1 full, 1 closed}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder().append(total()).append(total() == 1 ? " channel" : " channels");
        String separator = ": ";
        for (Outcome outcome : Outcome.values()) {
            if (count(outcome) > 0) {
                text.append(separator)
                        .append(count(outcome))
                        .append(' ')
                        .append(outcome.name().toLowerCase(Locale.ROOT).replace('_', ' '));
                separator = ", ";
            }
        }
        return text.toString();
    }
}
