package dev.sluice.perf.report;

import org.jspecify.annotations.Nullable;

/**
 * Sluice beside one peer in one shape. This is the form in which every benchmark tells its figures.
 *
 * @param shape what was measured
 * @param peer beside whom
 * @param sluice Sluice's figure; {@code null} when it was not measured
 * @param peerValue the peer's figure; {@code null} when the peer was not there
 * @param unit of both figures
 * @param ratio above 1 means that Sluice is better, by that factor; {@code null} when there is none
 * @param target what is to be reached: a ratio, or a figure where the unit says so; {@code null} when nothing is
 * @param met whether it was reached; {@code null} when there is no target, or no figure
 */
public record Row(
        String shape,
        String peer,
        @Nullable Double sluice,
        @Nullable Double peerValue,
        String unit,
        @Nullable Double ratio,
        @Nullable Double target,
        @Nullable Boolean met) {

    /** Figures of which the smaller is the better, with a ratio to reach, if any. */
    public static Row smallerIsBetter(
            String shape,
            String peer,
            @Nullable Double sluice,
            @Nullable Double peerValue,
            String unit,
            @Nullable Double target) {
        Double ratio = ratio(peerValue, sluice);
        return new Row(shape, peer, sluice, peerValue, unit, ratio, target, reaches(ratio, target));
    }

    /** Figures of which the larger is the better, with a ratio to reach, if any. */
    public static Row largerIsBetter(
            String shape,
            String peer,
            @Nullable Double sluice,
            @Nullable Double peerValue,
            String unit,
            @Nullable Double target) {
        Double ratio = ratio(sluice, peerValue);
        return new Row(shape, peer, sluice, peerValue, unit, ratio, target, reaches(ratio, target));
    }

    /** Figures of which the smaller is the better, where Sluice's own must not exceed a limit, whatever the peer's is. */
    public static Row atMost(
            String shape, String peer, double sluice, @Nullable Double peerValue, String unit, double limit) {
        Double ratio = ratio(peerValue, sluice);
        return new Row(shape, peer, sluice, peerValue, unit, ratio, limit, sluice <= limit);
    }

    /** What something adds to a base: the figure is the difference, the ratio that of the base to the sum. */
    public static Row over(String shape, String base, double sum, double baseValue, String unit, double limit) {
        double over = sum - baseValue;
        return new Row(shape, base, over, baseValue, unit + " over", ratio(baseValue, sum), limit, over <= limit);
    }

    private static @Nullable Boolean reaches(@Nullable Double ratio, @Nullable Double target) {
        if (ratio == null || target == null) {
            return null;
        }
        return ratio >= target;
    }

    private static @Nullable Double ratio(@Nullable Double above, @Nullable Double below) {
        if (above == null || below == null) {
            return null;
        }
        if (below == 0) {
            return above == 0 ? 1.0 : null;
        }
        return above / below;
    }
}
