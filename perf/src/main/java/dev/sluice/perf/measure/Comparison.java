package dev.sluice.perf.measure;

import dev.sluice.perf.report.Row;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A row to be: whose figures stand beside each other, and what is to be reached.
 *
 * @param row the row's shape
 * @param ours a contender that is Sluice
 * @param peer another contender
 * @param by what is compared
 * @param target a ratio for {@code SCORE}, else a limit; {@code null} for none
 */
record Comparison(
        String row,
        String ours,
        String peer,
        By by,
        @Nullable Double target) {
    enum By {
        /** The score: the smaller the better. */
        SCORE,
        /** What ours scores more than the peer. */
        EXCESS,
        /** Bytes an operation allocates. */
        ALLOCATION
    }

    /** The row; {@code null} when there is nothing to compare. */
    @Nullable Row row(String unit, Map<String, Figures> figures) {
        Figures mine = figures.get(ours);
        if (mine == null) {
            return null;
        }
        Figures others = figures.get(peer);
        if (by == By.SCORE) {
            return Row.smallerIsBetter(row, peer, mine.score(), others == null ? null : others.score(), unit, target);
        }
        if (others == null || target == null) {
            return null;
        }
        if (by == By.EXCESS) {
            return Row.over(row, peer, mine.score(), others.score(), unit, target);
        }
        return Row.atMost(row, peer, whole(mine.allocated()), whole(others.allocated()), "B/op", target);
    }

    /** Bytes are counted for the whole process; what is far below one is not of the operation. */
    private static double whole(double bytes) {
        return Math.round(bytes * 10) / 10.0;
    }
}
