package dev.sluice.hub.control;

import dev.sluice.Frame;
import dev.sluice.channel.ChannelStats;
import dev.sluice.channel.Channels;
import dev.sluice.rsocket.Request;
import dev.sluice.rsocket.session.Failures;
import dev.sluice.rsocket.wire.Code;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Looks at channels again and again for one client, and tells it the busiest. What is looked at and kept is bounded; a client that does not keep up
 * misses looks.
 */
final class ServedTop {

    /** Looking at more takes longer than people wait, and keeps more of each than is worth it. */
    static final int MOST_CHANNELS = 100_000;

    private static final int MOST_LINES = 1_000;

    private final Channels channels;
    private final String prefix;
    private final TopOrder order;
    private final int limit;
    private final Duration every;

    /** What was read at the last look, by name. */
    private Map<String, ChannelStats> before = Map.of();

    ServedTop(Channels channels, Request request) {
        this.channels = channels;
        String selected = Controls.optional(request, Controls.PREFIX);
        this.prefix = selected == null ? "" : selected;
        String word = Controls.optional(request, Controls.SORT);
        this.order = word == null ? TopOrder.RATE : TopOrder.of(word);
        this.limit = (int) Controls.number(request, Controls.LIMIT, 50, 1, MOST_LINES);
        this.every = Controls.millis(request, Controls.EVERY, 1_000, 100, 3_600_000);
    }

    /** A view now and one in each interval. */
    Flux<Frame> views() {
        return Flux.interval(Duration.ZERO, every, Schedulers.parallel())
                .onBackpressureDrop()
                .concatMap(tick -> look(), 1)
                .map(Json::write);
    }

    private Mono<TopView> look() {
        return Mono.defer(() -> {
            Look look = new Look(before);
            return channels.stats(prefix)
                    .doOnNext(look::add)
                    .then(Mono.fromSupplier(look::view))
                    .doOnNext(view -> before = look.now);
        });
    }

    private final class Look {
        private final Map<String, ChannelStats> earlier;
        private final Map<String, ChannelStats> now = new HashMap<>();
        private final PriorityQueue<TopView.Line> best =
                new PriorityQueue<>(order.comparator().reversed());
        private long looked;
        private long buffered;
        private long waiting;
        private double accepted;
        private double delivered;
        private double dropped;

        Look(Map<String, ChannelStats> earlier) {
            this.earlier = earlier;
        }

        void add(ChannelStats stats) {
            if (++looked > MOST_CHANNELS) {
                throw Failures.of(
                        Code.LIMIT,
                        "top looks at " + MOST_CHANNELS + " channels at most, and \"" + prefix
                                + "\" selects more: give a longer prefix");
            }
            now.put(stats.name(), stats);
            TopView.Line line = line(stats, earlier.get(stats.name()));
            buffered += stats.buffered();
            waiting += stats.waitingSends();
            accepted += line.acceptedPerSecond();
            delivered += line.deliveredPerSecond();
            dropped += line.droppedPerSecond();
            best.add(line);
            if (best.size() > limit) {
                best.remove();
            }
        }

        private TopView.Line line(ChannelStats stats, @Nullable ChannelStats last) {
            // Fewer than before: another channel has taken the name.
            if (last == null || stats.accepted() < last.accepted()) {
                return new TopView.Line(stats, 0, 0, 0);
            }
            ChannelStats.Rates rates = stats.since(last);
            return new TopView.Line(
                    stats, rates.acceptedPerSecond(), rates.deliveredPerSecond(), rates.droppedPerSecond());
        }

        TopView view() {
            return new TopView(
                    best.stream().sorted(order.comparator()).toList(),
                    looked,
                    buffered,
                    waiting,
                    accepted,
                    delivered,
                    dropped);
        }
    }
}
