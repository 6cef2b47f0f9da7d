package dev.sluice.channel.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.channel.Channel;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;

/**
 * A thousand senders and one receiver: nobody starves. Who comes first fills the buffer; from then on everybody waits in
 * line, for one element or for a turn of {@value #TURN}, and who has had it goes to the end of the line. So at no time is
 * anybody ahead of anybody else by more than the capacity and one turn.
 */
class FairnessTest {
    private static final int SENDERS = 1_000;
    private static final int EACH = 100;

    /** How many elements of a publisher go one after the other when its turn has come. */
    private static final int TURN = 32;

    private final int[] received = new int[SENDERS];

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 30})
    void senders_ofOneAtATime_takeTurns(int capacity) {
        Channel<Integer> channel = Channel.create(capacity);
        for (int sender = 0; sender < SENDERS; sender++) {
            int element = sender;
            Flux.range(0, EACH).concatMap(i -> channel.send(element)).subscribe();
        }

        assertEverybodyKeepsUp(channel, 1 + capacity);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 30})
    void senders_ofMany_takeTurns(int capacity) {
        Channel<Integer> channel = Channel.create(capacity);
        for (int sender = 0; sender < SENDERS; sender++) {
            int element = sender;
            channel.sendAll(Flux.range(0, EACH).map(i -> element)).subscribe();
        }

        assertEverybodyKeepsUp(channel, TURN + capacity);
    }

    private void assertEverybodyKeepsUp(Channel<Integer> channel, int ahead) {
        Taker taker = new Taker();
        channel.receive().subscribe(taker);
        for (int taken = 1; taken <= SENDERS * EACH; taken++) {
            taker.request(1);
            if (taken % SENDERS == 0) {
                int most = Arrays.stream(received).max().orElseThrow();
                int least = Arrays.stream(received).min().orElseThrow();
                assertThat(most - least).as("ahead after %d elements", taken).isLessThanOrEqualTo(ahead);
            }
        }
        assertThat(IntStream.of(received)).containsOnly(EACH);
    }

    private final class Taker extends BaseSubscriber<Integer> {
        @Override
        protected void hookOnSubscribe(Subscription subscription) {}

        @Override
        protected void hookOnNext(Integer sender) {
            received[sender]++;
        }
    }

    @Test
    void receivers_ofOneGroup_getTheirShare() {
        Channel<Integer> channel = Channel.create(100);
        for (int receiver = 0; receiver < SENDERS; receiver++) {
            int index = receiver;
            channel.receive().subscribe(element -> received[index]++);
        }

        for (int i = 0; i < SENDERS * EACH; i++) {
            channel.trySend(i);
        }

        assertThat(IntStream.of(received)).containsOnly(EACH);
    }
}
