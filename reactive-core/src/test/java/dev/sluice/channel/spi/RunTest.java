package dev.sluice.channel.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.Fuseable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

class RunTest {

    private final Run<Integer> run = new Run<>();

    @SuppressWarnings("unchecked")
    private static Fuseable.QueueSubscription<Integer> fused(Flux<Integer> publisher) {
        List<Subscription> given = new ArrayList<>();
        publisher.subscribe(new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {
                given.add(subscription);
            }
        });
        Fuseable.QueueSubscription<Integer> fused = (Fuseable.QueueSubscription<Integer>) given.get(0);
        assertThat(fused.requestFusion(Fuseable.SYNC)).isEqualTo(Fuseable.SYNC);
        return fused;
    }

    private List<Integer> elements() {
        List<Integer> elements = new ArrayList<>();
        for (int i = 0; i < run.size(); i++) {
            elements.add(run.get(i));
        }
        return elements;
    }

    @Test
    void fetch_takesWhatIsAtHand_butNoMoreThanAllowed() {
        Fuseable.QueueSubscription<Integer> five = fused(Flux.range(1, 5));

        assertThat(run.fetch(five, 3)).isEqualTo(3);
        assertThat(elements()).containsExactly(1, 2, 3);
        run.gone(2);
        assertThat(run.take()).isEqualTo(3);
        assertThat(run.isEmpty()).isTrue();
        assertThat(run.fetch(five, 3)).isEqualTo(2);
        assertThat(elements()).containsExactly(4, 5);
        run.gone(2);
        assertThat(run.fetch(five, 3)).isZero();
    }

    @Test
    void fetch_takesNoMoreThanTheLongestRun() {
        assertThat(run.fetch(fused(Flux.range(1, 100)), Long.MAX_VALUE)).isEqualTo(Run.LONGEST);
    }

    @Test
    void fetch_ofWhatHasToBeMade_takesOneAtATime_soThatNoneWaitsForTheNext() {
        List<Integer> made = new ArrayList<>();
        Iterable<Integer> making =
                () -> Flux.range(1, 5).doOnNext(made::add).toIterable(1).iterator();

        assertThat(run.fetch(fused(Flux.fromIterable(making)), 5)).isEqualTo(1);
        assertThat(elements()).containsExactly(1);
    }

    @Test
    void fetch_thatFailsLater_givesWhatCameBefore_thenTheFailure() {
        Fuseable.QueueSubscription<Integer> broken = fused(Flux.fromArray(new Integer[] {1, 2, null, 4}));

        assertThat(run.fetch(broken, 4)).isEqualTo(2);
        run.gone(2);
        assertThat(run.isEmpty()).isFalse();
        assertThatThrownBy(() -> run.fetch(broken, 4)).isInstanceOf(NullPointerException.class);
        assertThat(run.isEmpty()).isTrue();
    }

    @Test
    void fetch_thatFailsAtOnce_throws() {
        Fuseable.QueueSubscription<Integer> broken = fused(Flux.fromArray(new Integer[] {null, 2}));

        assertThatThrownBy(() -> run.fetch(broken, 4)).isInstanceOf(NullPointerException.class);
        assertThat(run.isEmpty()).isTrue();
    }

    @Test
    void discard_passesWhatIsLeftToTheHook() {
        List<Object> discarded = new ArrayList<>();
        run.fetch(fused(Flux.range(1, 4)), 4);
        run.gone(1);

        run.discard(Operators.enableOnDiscard(Context.empty(), discarded::add));

        assertThat(discarded).containsExactly(2, 3, 4);
        assertThat(run.isEmpty()).isTrue();
    }
}
