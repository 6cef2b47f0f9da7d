package dev.sluice.switching;

import static dev.sluice.switching.Ends.LONG;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.channel.Channel;
import dev.sluice.channel.Sender;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Mono;

/** Nothing lost, doubled or out of order, whatever is switched while eight threads send. */
class SwitchStressTest {

    @ParameterizedTest
    @CsvSource({"1, 64", "2, 1", "3, 0"})
    void switchTo_amongSenders_isOneMomentForAll(long seed, int capacity) throws Exception {
        switchToAndFro(seed, 100_000, capacity);
    }

    @ParameterizedTest
    @CsvSource({"11, 64", "12, 3", "13, 0"})
    void everySwitch_amongSenders_losesNothing(long seed, int capacity) throws Exception {
        switchEverything(seed, 100_000, capacity);
    }

    @Test
    @Tag("long")
    void switchTo_tenMillionElements() throws Exception {
        switchToAndFro(System.nanoTime(), 10_000_000, 64);
    }

    @Test
    @Tag("long")
    void everySwitch_tenMillionElements() throws Exception {
        switchEverything(System.nanoTime(), 10_000_000, 64);
    }

    /** One sink between two channels: when a switch is done, nothing reaches the old channel until it is switched back. */
    private static void switchToAndFro(long seed, int elements, int capacity) throws Exception {
        try (SwitchStress stress = new SwitchStress(seed, elements, capacity)) {
            stress.run(List.of(stress.first, stress.follower), new ToAndFro(stress));
            report(stress, seed);
        }
    }

    private static final class ToAndFro implements SwitchStress.Operator {
        private final SwitchStress stress;
        private long offsetOfIdle;

        ToAndFro(SwitchStress stress) {
            this.stress = stress;
        }

        @Override
        public void act(Random random) {
            Channel<Long> from = (Channel<Long>) stress.first.target();
            Channel<Long> to = from == stress.left ? stress.right : stress.left;
            long untouched = offset(to);
            if (untouched != offsetOfIdle) {
                stress.ledger.report(to.name() + " was left at " + offsetOfIdle + " and is at " + untouched);
            }
            SwitchPolicy policy = random.nextInt(8) == 0 ? SwitchPolicy.SETTLE : SwitchPolicy.MIGRATE;
            Sender<Long> previous = stress.first.switchTo(to, policy).block(LONG);
            offsetOfIdle = offset(from);
            if (previous != from) {
                stress.ledger.report("switched from " + previous + " instead of " + from);
            }
        }

        private static long offset(Channel<Long> channel) {
            return channel.stats().block(LONG).accepted();
        }
    }

    /** Two sinks and one that follows: switched, swapped, held, settled, called off. */
    private static void switchEverything(long seed, int elements, int capacity) throws Exception {
        try (SwitchStress stress = new SwitchStress(seed, elements, capacity)) {
            stress.run(List.of(stress.first, stress.second, stress.follower), new Chaos(stress));
            report(stress, seed);
        }
    }

    private record Chaos(SwitchStress stress) implements SwitchStress.Operator {
        @Override
        public void act(Random random) {
            SwitchableSink<Long> one = random.nextBoolean() ? stress.first : stress.second;
            Sender<Long> target = List.of(stress.left, stress.right, stress.viewOfRight).get(random.nextInt(3));
            Mono<?> change =
                    switch (random.nextInt(8)) {
                        case 0, 1 -> one.switchTo(target);
                        case 2 -> one.switchTo(stress.sinkhole).then(one.switchTo(target));
                        case 3 -> SwitchableSink.swap(stress.first, stress.second);
                        case 4 -> one.hold().then(one.resume());
                        case 5 -> one.switchTo(target, SwitchPolicy.SETTLE);
                        case 6 -> one.switchTo(target, SwitchPolicy.SETTLE).timeout(Duration.ofNanos(1), Mono.empty());
                        default -> stress.follower.switchTo(one);
                    };
            change.block(LONG);
        }
    }

    private static void report(SwitchStress stress, long seed) {
        assertThat(stress.switches)
                .as("switches with seed %d: %d received, %d discarded, %d withdrawn",
                        seed, stress.ledger.received.sum(), stress.ledger.discarded.sum(), stress.ledger.withdrawn.sum())
                .isGreaterThan(20);
    }
}
