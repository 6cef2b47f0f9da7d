package dev.sluice.perf.network;

import dev.sluice.perf.measure.Figures;
import dev.sluice.perf.network.Pair.Sample;
import dev.sluice.perf.report.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** What was measured of one shape, as rows: Sluice beside each peer. */
final class NetworkRows {
    private static final double NANOS = 1e9;
    private static final double KIB_OF_MIB = 1024;

    private static final Figure CPU = new Figure(
            "-cpu",
            "CPU s/M frames",
            false,
            sample -> sample.cpuNanos() / NANOS * 1e6 / sample.turn().frames());
    private static final Figure SERVER_MEMORY =
            new Figure("-server-memory", "MiB", false, sample -> sample.serverKib() / KIB_OF_MIB);
    private static final Figure CLIENT_MEMORY =
            new Figure("-client-memory", "MiB", false, sample -> sample.clientKib() / KIB_OF_MIB);

    private final NetworkShape shape;
    private final Map<String, List<Sample>> samples;
    private final List<Row> rows = new ArrayList<>();

    private NetworkRows(NetworkShape shape, Map<String, List<Sample>> samples) {
        this.shape = shape;
        this.samples = samples;
    }

    /**
     * The rows.
     *
     * @param peers who was to be measured, in the order of the rows
     * @param samples what was measured of each; those that failed have none
     */
    static List<Row> of(NetworkShape shape, List<String> peers, Map<String, List<Sample>> samples) {
        NetworkRows rows = new NetworkRows(shape, samples);
        List<String> others =
                peers.stream().filter(peer -> !peer.equals(Peers.SLUICE)).toList();
        for (Figure figure : figures(shape)) {
            // Sluice alone has rows too.
            (others.isEmpty() ? List.of("-") : others).forEach(peer -> rows.add(figure, peer));
        }
        return rows.rows;
    }

    private static List<Figure> figures(NetworkShape shape) {
        List<Figure> figures = new ArrayList<>(ownFigures(shape));
        figures.addAll(List.of(CPU, SERVER_MEMORY, CLIENT_MEMORY));
        return figures;
    }

    private static List<Figure> ownFigures(NetworkShape shape) {
        return switch (shape) {
            case CONNECT ->
                List.of(
                        new Figure(
                                "",
                                "connections/s",
                                true,
                                sample -> sample.turn().times() / seconds(sample)),
                        new Figure(
                                "-time", "ms", false, sample -> sample.result().median() / 1e6));
            case OPEN -> List.of(new Figure("", "sources/s", true, sample -> sources(sample) / seconds(sample)));
            case FLOOD ->
                List.of(new Figure(
                        "", "M frames/s", true, sample -> sample.turn().frames() / 1e6 / seconds(sample)));
            case HEAVY -> List.of(new Figure("", "GB/s", true, sample -> bytes(sample) / 1e9 / seconds(sample)));
            case LATENCY ->
                List.of(
                        new Figure(
                                "-p50", "µs", false, sample -> sample.result().median() / 1e3),
                        new Figure(
                                "-p99", "µs", false, sample -> sample.result().p99() / 1e3),
                        new Figure(
                                "-p99.9", "µs", false, sample -> sample.result().p999() / 1e3));
        };
    }

    private static double seconds(Sample sample) {
        return sample.result().nanos() / NANOS;
    }

    private static double sources(Sample sample) {
        return (double) sample.turn().work().sources() * sample.turn().times();
    }

    private static double bytes(Sample sample) {
        return (double) sample.turn().work().allBytes() * sample.turn().times();
    }

    private void add(Figure figure, String peer) {
        String name = shape.label() + figure.suffix();
        Double ours = median(Peers.SLUICE, figure);
        Double theirs = median(peer, figure);
        Double target = Targets.of(name, peer);
        rows.add(
                figure.isLargerBetter()
                        ? Row.largerIsBetter(name, peer, ours, theirs, figure.unit(), target)
                        : Row.smallerIsBetter(name, peer, ours, theirs, figure.unit(), target));
    }

    private @Nullable Double median(String peer, Figure figure) {
        List<Sample> taken = samples.getOrDefault(peer, List.of());
        if (taken.isEmpty()) {
            return null;
        }
        return Figures.median(taken.stream()
                .map(sample -> figure.value().applyAsDouble(sample))
                .toList());
    }

    /**
     * What is told of a shape.
     *
     * @param suffix of the row's name
     * @param unit of the values
     * @param isLargerBetter whether a larger value is the better one
     * @param value of a turn; the median of all is told
     */
    private record Figure(String suffix, String unit, boolean isLargerBetter, ToDoubleFunction<Sample> value) {}
}
