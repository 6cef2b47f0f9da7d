package dev.sluice.switching;

import static dev.sluice.switching.Ends.LONG;
import static dev.sluice.switching.Ends.subscribe;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.test.subscriber.TestSubscriber;

/** What happens while somebody subscribes. */
class SourceSubscriptionTest {

    private final List<String> signals = new ArrayList<>();

    private final class Subscriber implements CoreSubscriber<Integer> {
        private final Runnable subscribing;

        Subscriber(Runnable subscribing) {
            this.subscribing = subscribing;
        }

        @Override
        public void onSubscribe(Subscription s) {
            subscribing.run();
            signals.add("subscribed");
        }

        @Override
        public void onNext(Integer element) {}

        @Override
        public void onError(Throwable cause) {
            signals.add("failed");
        }

        @Override
        public void onComplete() {
            signals.add("complete");
        }
    }

    @Test
    void switch_duringOnSubscribe_isSeenAfterIt() {
        SwitchableSource<Integer> source = SwitchableSource.create("source", Flux.never());

        source.asFlux()
                .subscribe(new Subscriber(() -> source.switchTo(Flux.empty()).subscribe()));

        assertThat(signals).containsExactly("subscribed", "complete");
    }

    @Test
    void onSubscribe_thatThrows_leavesNobodyBehind() {
        SwitchableSource<Integer> source = SwitchableSource.create("source", Flux.never());
        CoreSubscriber<Integer> broken = new Subscriber(() -> {
            throw new IllegalStateException("broken");
        });

        assertThatThrownBy(() -> source.asFlux().subscribe(broken)).hasMessage("broken");

        assertThat(source.subscribers()).isZero();
        source.switchTo(Flux.empty()).block(LONG);
    }

    @Test
    void upstream_whoseSubscribeThrows_failsItsFollowers() {
        SwitchableSource<Integer> source = SwitchableSource.create("source", actual -> {
            throw new IllegalStateException("broken");
        });

        TestSubscriber<Integer> subscriber = subscribe(source.asFlux());

        assertThat(subscriber.expectTerminalError()).hasMessage("broken");
        assertThat(source.subscribers()).isZero();
    }
}
