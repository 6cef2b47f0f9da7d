package dev.sluice;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import reactor.blockhound.BlockingOperationError;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** If this fails, no other test would notice a blocked event thread. */
class BlockHoundIsOnTest {

    @Test
    void waiting_onAParallelThread_isAnError() {
        CountDownLatch never = new CountDownLatch(1);
        Mono<Boolean> blocks =
                Mono.fromCallable(() -> never.await(1, TimeUnit.SECONDS)).subscribeOn(Schedulers.parallel());

        assertThatThrownBy(() -> blocks.block(Duration.ofSeconds(10))).hasCauseInstanceOf(BlockingOperationError.class);
    }
}
