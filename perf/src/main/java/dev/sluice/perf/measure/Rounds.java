package dev.sluice.perf.measure;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * All contenders are alive and take turns, A B C A B C: when the machine slows down, it slows down for all. One that fails or
 * hangs is left out of the rest.
 *
 * @param forks how often the contenders are started anew, one time after the other
 * @param warmups turns of a contender that do not count
 * @param turns turns of a contender that count
 */
public record Rounds(int forks, int warmups, int turns) {

    /**
     * Lets them take turns. All of them are closed when it is over, however that is.
     *
     * @param names of those who take part
     * @param start starts one
     * @param turn lets one take a turn
     * @param failed is told who failed, and how
     * @param <T> who takes part
     * @param <S> what a turn brings
     * @return what turns brought that count, by the name; those that failed are not there
     */
    public <T extends Participant, S> Map<String, List<S>> take(
            Collection<String> names, Step<String, T> start, Step<T, S> turn, BiConsumer<String, Exception> failed) {
        Map<String, List<S>> brought = new LinkedHashMap<>();
        Set<String> present = new LinkedHashSet<>(names);
        for (int fork = 0; fork < forks; fork++) {
            Map<String, T> running = new LinkedHashMap<>();
            try {
                forEach(present, failed, name -> running.put(name, start.take(name)));
                for (int round = -warmups; round < turns; round++) {
                    boolean counts = round >= 0;
                    forEach(present, failed, name -> {
                        S sample = turn.take(Objects.requireNonNull(running.get(name)));
                        if (counts) {
                            brought.computeIfAbsent(name, key -> new ArrayList<>())
                                    .add(sample);
                        }
                    });
                }
            } finally {
                running.values().forEach(Participant::close);
            }
        }
        brought.keySet().retainAll(present);
        return brought;
    }

    private static void forEach(Set<String> present, BiConsumer<String, Exception> failed, NamedStep step) {
        for (String name : List.copyOf(present)) {
            try {
                step.run(name);
            } catch (IOException | IllegalArgumentException e) {
                present.remove(name);
                failed.accept(name, e);
            }
        }
    }

    /** Processes that do one contender's work. */
    public interface Participant extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * What is done with each.
     *
     * @param <A> what it needs
     * @param <B> what it brings
     */
    @FunctionalInterface
    public interface Step<A, B> {
        B take(A from) throws IOException;
    }

    @FunctionalInterface
    private interface NamedStep {
        void run(String name) throws IOException;
    }
}
