package dev.sluice.perf.pipes;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is measured of pipes.
 *
 * @param groups how many groups receive from the destination
 * @param members how many share the frames of each group
 * @param bytes of a frame
 */
record PipesShape(int groups, int members, int bytes) {
    static final int SMALL = 64;
    static final int LARGE = 1 << 10;

    private static final double TWICE_AS_MANY = 2;

    static final List<PipesShape> ALL = List.of(
            new PipesShape(1, 1, SMALL),
            new PipesShape(1, 8, SMALL),
            new PipesShape(4, 1, SMALL),
            new PipesShape(4, 8, SMALL),
            new PipesShape(1, 1, LARGE),
            new PipesShape(4, 8, LARGE));

    /** The shape's name as it is written: {@code 4x8-64} is of 4 groups with 8 members each, and frames of 64 bytes. */
    String label() {
        return groups + "x" + members + "-" + (bytes == LARGE ? "1k" : Integer.toString(bytes));
    }

    /** The ratio of frames a second to reach, if any. */
    @Nullable Double target() {
        return bytes == SMALL ? TWICE_AS_MANY : null;
    }

    static Optional<PipesShape> named(String label) {
        return ALL.stream().filter(shape -> shape.label().equals(label)).findFirst();
    }

    static List<String> labels() {
        return ALL.stream().map(PipesShape::label).toList();
    }
}
