package dev.sluice.channel.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.channel.Channel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Threads that must not block may collide in a channel. BlockHound watches. */
class ContentionTest {

    @Test
    void channel_usedByManyEventThreads_neverBlocksOne() {
        Channel<Integer> channel = Channel.create(3);
        List<Throwable> blocked = new CopyOnWriteArrayList<>();
        Scheduler events = Schedulers.newParallel("event", 8);
        Schedulers.onHandleError("blocked", (thread, error) -> blocked.add(error));
        try {
            Flux<Integer> receiving = Flux.range(0, 4)
                    .flatMap(i -> channel.receive().subscribeOn(events).publishOn(events, 4));
            Flux<Long> sending = Flux.range(0, 4)
                    .flatMap(i -> channel.sendAll(Flux.range(0, 5_000)).subscribeOn(events))
                    .doOnComplete(channel::close);

            Long received = receiving
                    .count()
                    .zipWith(sending.count(), (count, senders) -> count)
                    .block(Duration.ofSeconds(60));

            assertThat(blocked).isEmpty();
            assertThat(received).isEqualTo(20_000);
        } finally {
            Schedulers.resetOnHandleError("blocked");
            events.dispose();
        }
    }
}
