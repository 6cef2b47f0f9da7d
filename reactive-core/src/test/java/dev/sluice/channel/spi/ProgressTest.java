package dev.sluice.channel.spi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.channel.Channel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Who subscribes to {@code sendAll} as a {@link Progress} hears what was accepted while more waits. */
class ProgressTest {

    private static final class Listening extends BaseSubscriber<Long> implements Progress {
        private final List<Long> heard = new ArrayList<>();

        @Override
        public void accepted(long count) {
            heard.add(count);
        }
    }

    @Test
    void sendAll_whoseElementsFindNoRoom_tellsOfThoseThatHave() {
        Channel<Integer> channel = Channel.create(2);
        Listening sending = new Listening();
        channel.sendAll(Flux.range(0, 4).hide()).subscribe(sending);

        assertThat(sending.heard).containsExactly(1L, 2L);
        channel.receive().blockFirst();
        assertThat(sending.heard).containsExactly(1L, 2L, 3L);
        assertThat(sending.isDisposed()).isFalse();
    }

    @Test
    void sendAll_ofAnArray_tellsOfWhatItCommitsTogether() {
        Channel<Integer> channel = Channel.create(100);
        Listening sending = new Listening();

        channel.sendAll(Flux.range(0, 50)).subscribe(sending);

        assertThat(sending.heard).isSorted().last().isEqualTo(50L);
        assertThat(sending.isDisposed()).isTrue();
    }

    @Test
    void elements_ofASendAll_areThoseOfThePublisherThatWasHandedOver() {
        Flux<Integer> elements = Flux.range(0, 4);

        Mono<Long> sending = Channel.<Integer>create(2).sendAll(elements);

        assertThat(sending)
                .isInstanceOfSatisfying(
                        Accounted.class, it -> assertThat(it.elements()).isSameAs(elements));
    }
}
