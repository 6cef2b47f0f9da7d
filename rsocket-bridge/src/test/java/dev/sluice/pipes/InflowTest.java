package dev.sluice.pipes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.Frame;
import dev.sluice.channel.Delivery;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.BaseSubscriber;
import reactor.util.context.Context;

/** How the demand of a member is shared among the instances it receives from. */
class InflowTest extends InflowFixture {

    @Test
    void one_isAskedForExactlyWhatIsWanted() {
        Source only = new Source();
        assertThat(only.requested).isZero();

        subscriber.request(5);
        assertThat(only.requested).isEqualTo(5);
        subscriber.request(1);
        for (int i = 0; i < 5; i++) {
            only.deliver("" + i);
        }

        assertThat(got).containsExactly("0", "1", "2", "3", "4");
        assertThat(only.requested).isEqualTo(1);
        assertThat(only.nacked).isEmpty();
    }

    @Test
    void unbounded_isPassedOnOnce() {
        Source one = new Source();
        Source two = new Source();

        subscriber.requestUnbounded();
        one.deliver("a");
        two.deliver("b");

        assertThat(one.requested).isEqualTo(Long.MAX_VALUE - 1);
        assertThat(two.requested).isEqualTo(Long.MAX_VALUE - 1);
        assertThat(got).containsExactly("a", "b");
    }

    @Test
    void several_areAskedForAShareEach_andForOneAtLeast() {
        Source one = new Source();
        Source two = new Source();

        subscriber.request(1);
        assertThat(List.of(one.requested, two.requested)).containsExactly(1L, 1L);
        subscriber.request(9);

        assertThat(List.of(one.requested, two.requested)).containsExactly(5L, 5L);
    }

    @Test
    void hugeDemand_isSharedWhenAnotherComes() {
        Source one = new Source();
        subscriber.request(1L << 62);
        assertThat(one.requested).isEqualTo(1L << 62);

        Source two = new Source();

        assertThat(one.requested).isEqualTo(1L << 62);
        assertThat(two.requested).isEqualTo(1L << 61);
    }

    @Test
    void silentInstance_doesNotHoldUpAnother() {
        Source silent = new Source();
        Source busy = new Source();
        subscriber.request(8);

        int delivered = 0;
        while (got.size() < 8) {
            assertThat(busy.requested).as("after %s", delivered).isPositive();
            busy.deliver("" + delivered++);
        }

        assertThat(silent.requested).isEqualTo(4);
        assertThat(busy.requested).isZero();
    }

    @Test
    void nextSource_isAskedForWhatTheOneBeforeDidNotBring() {
        Source one = new Source();
        subscriber.request(4);
        one.deliver("a");
        one.inlet.ended();
        List<Long> asked = new ArrayList<>();

        one.inlet.source(new Subscription() {
            @Override
            public void request(long n) {
                asked.add(n);
            }

            @Override
            public void cancel() {}
        });

        assertThat(asked).containsExactly(3L);
    }

    @Test
    void fail_endsOnce_andGivesBack() {
        Source one = new Source();
        subscriber.request(1);

        inflow.fail(new IllegalStateException("first"));
        inflow.fail(new IllegalStateException("second"));
        one.deliver("a");

        assertThat(errors).singleElement().satisfies(error -> assertThat(error).hasMessage("first"));
        assertThat(one.nacked).containsExactly("a");
        assertThat(overs).hasValue(1);
    }

    @Test
    void complete_endsOnce_andGivesBackWhatWaits() {
        Source one = new Source();
        one.deliver("a");

        inflow.complete();
        inflow.fail(new IllegalStateException("late"));
        one.deliver("b");
        inflow.request(2);

        assertThat(completions).hasValue(1);
        assertThat(errors).isEmpty();
        assertThat(got).isEmpty();
        assertThat(one.nacked).containsExactly("a", "b");
        assertThat(overs).hasValue(1);
    }

    @Test
    void requestOfNothing_isAnError() {
        inflow.request(0);

        assertThat(errors)
                .singleElement()
                .satisfies(error -> assertThat(error)
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("3.9"));
    }

    @Test
    void cancelWithinOnNext_passesNothingMore() {
        List<String> seen = new ArrayList<>();
        BaseSubscriber<Delivery<Frame>> once = new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {}

            @Override
            protected void hookOnNext(Delivery<Frame> delivery) {
                seen.add(delivery.value().asText());
                cancel();
            }
        };
        Inflow flow = new Inflow(once, time, () -> {});
        once.onSubscribe(flow);
        List<String> nacked = new ArrayList<>();
        Inflow.Inlet inlet = new Inflow.Inlet();
        flow.add(inlet);
        inlet.deliver(new Handed("a", nacked));
        inlet.deliver(new Handed("b", nacked));

        once.request(2);

        assertThat(seen).containsExactly("a");
        assertThat(nacked).containsExactly("b");
    }

    @Test
    void subscriberThatThrows_isCancelled_andOthersGetWhatWaits() {
        List<String> nacked = new ArrayList<>();
        BaseSubscriber<Delivery<Frame>> thrower = new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {}

            @Override
            protected void hookOnNext(Delivery<Frame> delivery) {
                throw new IllegalStateException("from onNext");
            }

            @Override
            protected void hookOnError(Throwable error) {
                errors.add(error);
            }
        };
        Inflow flow = new Inflow(thrower, time, overs::incrementAndGet);
        thrower.onSubscribe(flow);
        Inflow.Inlet inlet = new Inflow.Inlet();
        flow.add(inlet);
        inlet.deliver(new Handed("a", nacked));
        inlet.deliver(new Handed("b", nacked));

        thrower.request(2);

        assertThat(nacked).containsExactly("b");
        assertThat(overs).hasValue(1);
    }

    @Test
    void rawSubscriberThatThrows_countsAsGone() {
        List<String> nacked = new ArrayList<>();
        CoreSubscriber<Delivery<Frame>> raw = new CoreSubscriber<>() {
            @Override
            public void onSubscribe(Subscription subscription) {}

            @Override
            public void onNext(Delivery<Frame> delivery) {
                throw new IllegalStateException("against the rules");
            }

            @Override
            public void onError(Throwable error) {}

            @Override
            public void onComplete() {}

            @Override
            public Context currentContext() {
                return Context.of("reactor.onErrorDropped.local", (Consumer<Throwable>) errors::add);
            }
        };
        Inflow flow = new Inflow(raw, time, overs::incrementAndGet);
        Inflow.Inlet inlet = new Inflow.Inlet();
        flow.add(inlet);
        flow.request(5);

        inlet.deliver(new Handed("a", nacked));
        inlet.deliver(new Handed("b", nacked));

        assertThat(overs).hasValue(1);
        assertThat(nacked).containsExactly("b");
        assertThat(errors).singleElement().satisfies(error -> assertThat(error).hasMessage("against the rules"));
    }
}
