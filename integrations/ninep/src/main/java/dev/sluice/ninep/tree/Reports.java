package dev.sluice.ninep.tree;

import dev.sluice.channel.ChannelStats;
import dev.sluice.channel.Channels;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import reactor.core.publisher.Mono;

/**
 * What {@code ctl} and {@code stats} say to who reads them: a line a channel, as it is when the file is first read after it was opened.
 *
 * <p>Rates are told from one reading of {@code stats} to a later one, whoever read: the figures of a moment at least a second ago are kept for that, or
 * else those of the server's beginning. Averages are since its beginning. Thread safe.
 */
public final class Reports {

    private static final long SHORTEST_NANOS = 1_000_000_000;

    private final Channels channels;
    private final long began = System.nanoTime();
    private volatile Sample before = new Sample(began, Map.of());
    private volatile Sample latest = before;

    /** What was counted at a moment, by channel. */
    private record Sample(long nanos, Map<String, long[]> counts) {}

    /** Reports of these channels. */
    public Reports(Channels channels) {
        this.channels = channels;
    }

    /** What {@code ctl} says: names and capacities, in the form in which a capacity is set. */
    public Mono<byte[]> ctl(View view) {
        return channels.stats(view.root())
                .filter(stats -> shows(stats, view))
                .reduceWith(
                        StringBuilder::new,
                        (text, stats) -> text.append(view.shown(stats.name()))
                                .append(' ')
                                .append(stats.capacity())
                                .append('\n'))
                .map(Reports::bytes);
    }

    /** What {@code stats} says. */
    public Mono<byte[]> stats(View view) {
        return Mono.defer(() -> {
            long now = System.nanoTime();
            Sample from = from(now);
            Map<String, long[]> counts = new HashMap<>();
            return channels.stats("")
                    .doOnNext(stats -> counts.put(stats.name(), new long[] {stats.accepted(), stats.delivered()}))
                    .filter(stats -> shows(stats, view))
                    .reduceWith(Reports::header, (text, stats) -> line(text, stats, view, from, now))
                    .map(Reports::bytes)
                    .doOnNext(done -> keep(new Sample(now, counts)));
        });
    }

    private boolean shows(ChannelStats stats, View view) {
        return view.contains(stats.name()) && view.sees(stats.name());
    }

    /** The newest sample that is old enough to tell a rate from. */
    private Sample from(long now) {
        Sample newest = latest;
        return now - newest.nanos >= SHORTEST_NANOS ? newest : before;
    }

    private synchronized void keep(Sample sample) {
        if (sample.nanos - latest.nanos >= SHORTEST_NANOS) {
            before = latest;
            latest = sample;
        }
    }

    private static StringBuilder header() {
        return new StringBuilder(
                "# name capacity waiting readers writers received/s sent/s average-received/s average-sent/s\n");
    }

    private StringBuilder line(StringBuilder text, ChannelStats stats, View view, Sample from, long now) {
        long[] then = from.counts.getOrDefault(stats.name(), new long[2]);
        // A channel of the same name that was made anew has counted less.
        boolean isSame = then[0] <= stats.accepted() && then[1] <= stats.delivered();
        double seconds = Math.max(1, now - from.nanos) / 1e9;
        double sinceBegin = Math.max(1, now - began) / 1e9;
        text.append(view.shown(stats.name()))
                .append(' ')
                .append(stats.capacity())
                .append(' ')
                .append(stats.buffered())
                .append(' ')
                .append(stats.receivers() + stats.listeners())
                .append(' ')
                .append(stats.waitingSends());
        rate(text, (stats.delivered() - (isSame ? then[1] : 0)) / seconds);
        rate(text, (stats.accepted() - (isSame ? then[0] : 0)) / seconds);
        rate(text, stats.delivered() / sinceBegin);
        rate(text, stats.accepted() / sinceBegin);
        return text.append('\n');
    }

    private static StringBuilder rate(StringBuilder text, double perSecond) {
        long tenths = Math.round(perSecond * 10);
        return text.append(' ').append(tenths / 10).append('.').append(tenths % 10);
    }

    private static byte[] bytes(StringBuilder text) {
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }
}
