package dev.sluice.perf.files;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is done in a turn of a shape, and told of it. */
interface Work {
    /** What is told, in the order of the rows. */
    List<Figure> figures();

    /**
     * Does it once.
     *
     * @param serving whose turn it is
     * @param time how long to go on, where that can be chosen
     * @return the values of the figures, in their order
     */
    List<Double> turn(Serving serving, Duration time) throws IOException;

    /** How many files there are in the folder {@code many}. */
    default int entries() {
        return 0;
    }

    /** Whether diod can do it. */
    default boolean isForDiod() {
        return true;
    }

    /**
     * A figure.
     *
     * @param suffix of the row's name
     * @param unit of the values
     * @param isLargerBetter whether a larger value is the better one
     * @param target the ratio to reach, if any
     */
    record Figure(
            String suffix,
            String unit,
            boolean isLargerBetter,
            @Nullable Double target) {}
}
