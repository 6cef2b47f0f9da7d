package dev.sluice.hub;

import dev.sluice.channel.ChannelStats;
import dev.sluice.channel.Channels;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Deletes channels that nobody declared and nobody has used for a while. It looks at all of them once in that time; one that is empty, without
 * readers, and has the counters it had at the look before, {@linkplain Channels#deleteIfIdle is deleted} if nobody would miss it.
 */
final class IdleChannels {

    private static final Logger LOG = LoggerFactory.getLogger(IdleChannels.class);

    private final Channels channels;
    private final Supplier<Set<String>> wanted;
    private final Duration after;
    private final Scheduler clock;

    /** What idle channels had accepted and delivered at the last look. */
    private Map<String, Long> before = Map.of();

    /**
     * Nothing is done before {@link #start}.
     *
     * @param wanted names of channels that stay although nothing shows there, such as those that services are diverted from
     */
    IdleChannels(Channels channels, Supplier<Set<String>> wanted, Duration after, Scheduler clock) {
        this.channels = channels;
        this.wanted = wanted;
        this.after = after;
        this.clock = clock;
    }

    Disposable start() {
        return Flux.interval(after, clock)
                .onBackpressureDrop()
                .concatMap(tick -> look(), 1)
                .subscribe(deleted -> {}, failure -> LOG.error("Channels no longer expire", failure));
    }

    /** Looks once; how many were deleted. */
    Mono<Long> look() {
        return Mono.defer(() -> {
            Map<String, Long> now = new HashMap<>();
            Set<String> kept = wanted.get();
            return channels.stats("")
                    .filter(stats -> mayExpire(stats) && !kept.contains(stats.name()))
                    .filter(stats -> {
                        long used = stats.accepted() + stats.delivered() + stats.listened() + stats.withdrawn();
                        now.put(stats.name(), used);
                        Long last = before.get(stats.name());
                        return last != null && last == used;
                    })
                    .concatMap(stats -> channels.deleteIfIdle(stats.name()), 1)
                    .filter(deleted -> deleted)
                    .count()
                    .doOnNext(deleted -> {
                        before = now;
                        if (deleted > 0) {
                            LOG.debug("{} channels have expired", deleted);
                        }
                    })
                    .onErrorResume(failure -> {
                        LOG.warn("Could not look for idle channels: {}", failure.getMessage());
                        return Mono.just(0L);
                    });
        });
    }

    private static boolean mayExpire(ChannelStats stats) {
        return stats.buffered() == 0
                && stats.retained() == 0
                && stats.waitingSends() == 0
                && stats.receivers() == 0
                && stats.listeners() == 0;
    }
}
