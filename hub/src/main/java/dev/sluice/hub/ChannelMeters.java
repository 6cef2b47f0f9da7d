package dev.sluice.hub;

import dev.sluice.channel.ChannelStats;
import dev.sluice.channel.Channels;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import reactor.core.publisher.Mono;

/**
 * The counters of channels for Prometheus: the sums over all channels, and those of the first so many by name. Read when they are scraped, so they
 * cost nothing in between.
 */
final class ChannelMeters implements MultiCollector {

    private static final List<Meter> METERS = List.of(
            new Meter("sluice_channel_accepted", "Elements accepted", true, ChannelStats::accepted),
            new Meter("sluice_channel_delivered", "Elements passed to receivers", true, ChannelStats::delivered),
            new Meter("sluice_channel_listened", "Elements passed to listeners", true, ChannelStats::listened),
            new Meter("sluice_channel_dropped", "Elements given up by policy", true, ChannelStats::dropped),
            new Meter("sluice_channel_buffered", "Elements that wait", false, ChannelStats::buffered),
            new Meter("sluice_channel_capacity", "Elements that may wait", false, ChannelStats::capacity),
            new Meter("sluice_channel_waiting_sends", "Sends that wait for room", false, ChannelStats::waitingSends),
            new Meter("sluice_channel_receivers", "Receivers", false, ChannelStats::receivers),
            new Meter("sluice_channel_listeners", "Listeners", false, ChannelStats::listeners),
            new Meter(
                    "sluice_channel_retained",
                    "Elements kept for those who come later",
                    false,
                    ChannelStats::retained));

    private record Meter(String name, String help, boolean counts, ToDoubleFunction<ChannelStats> value) {
        /** The name of the sum over all channels. */
        String all() {
            return name.replace("sluice_channel_", "sluice_channels_");
        }
    }

    private final Channels channels;
    private final int most;
    private volatile Reading last;

    ChannelMeters(Channels channels, int most) {
        this.channels = channels;
        this.most = most;
        this.last = new Reading(most);
    }

    /** Reads the counters that the next {@link #collect} tells. */
    Mono<Void> read() {
        return Mono.defer(() -> {
            Reading reading = new Reading(most);
            return channels.stats("").doOnNext(reading::add).then(Mono.fromRunnable(() -> last = reading));
        });
    }

    @Override
    public MetricSnapshots collect() {
        Reading reading = last;
        List<MetricSnapshot> snapshots = new ArrayList<>();
        snapshots.add(GaugeSnapshot.builder()
                .name("sluice_channels")
                .help("Channels there are")
                .dataPoint(GaugeSnapshot.GaugeDataPointSnapshot.builder()
                        .value((double) reading.count)
                        .build())
                .build());
        for (int index = 0; index < METERS.size(); index++) {
            Meter meter = METERS.get(index);
            snapshots.add(snapshot(meter.all(), meter, Map.of(Labels.EMPTY, reading.sums[index])));
            Map<Labels, Double> values = new TreeMap<>();
            reading.first.forEach(
                    stats -> values.put(Labels.of("channel", stats.name()), meter.value.applyAsDouble(stats)));
            snapshots.add(snapshot(meter.name, meter, values));
        }
        return new MetricSnapshots(snapshots);
    }

    private static MetricSnapshot snapshot(String name, Meter meter, Map<Labels, Double> values) {
        if (meter.counts) {
            CounterSnapshot.Builder counter =
                    CounterSnapshot.builder().name(name).help(meter.help);
            values.forEach((labels, value) -> counter.dataPoint(CounterSnapshot.CounterDataPointSnapshot.builder()
                    .labels(labels)
                    .value(value)
                    .build()));
            return counter.build();
        }
        GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(name).help(meter.help);
        values.forEach((labels, value) -> gauge.dataPoint(GaugeSnapshot.GaugeDataPointSnapshot.builder()
                .labels(labels)
                .value(value)
                .build()));
        return gauge.build();
    }

    private static final class Reading {
        private final int most;
        private final List<ChannelStats> first = new ArrayList<>();
        private final double[] sums = new double[METERS.size()];
        private long count;

        Reading(int most) {
            this.most = most;
        }

        void add(ChannelStats stats) {
            count++;
            for (int index = 0; index < sums.length; index++) {
                sums[index] += METERS.get(index).value.applyAsDouble(stats);
            }
            if (first.size() < most) {
                first.add(stats);
            }
        }
    }
}
