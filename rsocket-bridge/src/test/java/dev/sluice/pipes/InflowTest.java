package dev.sluice.pipes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.Frame;
import dev.sluice.channel.Delivery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.BaseSubscriber;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.util.context.Context;

/** How the demand of a member is shared among the instances it receives from. */
class InflowTest {

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final AtomicInteger overs = new AtomicInteger();
    private final List<String> got = new ArrayList<>();
    private final List<Throwable> errors = new ArrayList<>();
    private final BaseSubscriber<Delivery<Frame>> subscriber = new BaseSubscriber<>() {
        @Override
        protected void hookOnSubscribe(Subscription subscription) {}

        @Override
        protected void hookOnNext(Delivery<Frame> delivery) {
            got.add(delivery.value().asText());
        }

        @Override
        protected void hookOnError(Throwable error) {
            errors.add(error);
        }
    };
    private final Inflow inflow = new Inflow(subscriber, time, overs::incrementAndGet);

    InflowTest() {
        subscriber.onSubscribe(inflow);
    }

    /** An instance, by hand. */
    private final class Source implements Subscription {
        final Inflow.Inlet inlet = new Inflow.Inlet();
        final List<String> nacked = new ArrayList<>();
        long requested;

        Source() {
            inflow.add(inlet);
            inlet.source(this);
        }

        void deliver(String text) {
            requested--;
            inlet.deliver(new Handed(text, nacked));
        }

        @Override
        public void request(long n) {
            requested += n;
        }

        @Override
        public void cancel() {}
    }

    private record Handed(String text, List<String> nacked) implements Delivery<Frame> {
        @Override
        public Frame value() {
            return Frame.text(text);
        }

        @Override
        public long offset() {
            return 0;
        }

        @Override
        public boolean redelivered() {
            return false;
        }

        @Override
        public boolean ack() {
            return true;
        }

        @Override
        public boolean nack() {
            return nacked.add(text);
        }
    }

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
    void whatComesBeyondTheDemand_waitsForIt() {
        Source one = new Source();
        Source two = new Source();
        subscriber.request(1);
        one.deliver("a");
        two.deliver("b");
        assertThat(got).containsExactly("a");

        time.advanceTimeBy(Duration.ofNanos(Inflow.HELD_NANOS - 1));
        subscriber.request(1);

        assertThat(got).containsExactly("a", "b");
        time.advanceTimeBy(Duration.ofNanos(10 * Inflow.HELD_NANOS));
        assertThat(two.nacked).isEmpty();
    }

    @Test
    void whatNobodyComesFor_goesBack_andIsAskedForAgain() {
        Source one = new Source();
        Source two = new Source();
        subscriber.request(1);
        one.deliver("a");
        two.deliver("b");

        time.advanceTimeBy(Duration.ofNanos(Inflow.HELD_NANOS));
        assertThat(two.nacked).containsExactly("b");
        subscriber.request(1);

        assertThat(List.of(one.requested, two.requested)).containsExactly(1L, 1L);
        two.deliver("b");
        assertThat(got).containsExactly("a", "b");
    }

    @Test
    void whatWasAskedForBeforeSomethingWentBack_followsIt_soThatOrderHolds() {
        Source one = new Source();
        Source two = new Source();
        subscriber.request(8);
        for (int i = 0; i < 4; i++) {
            one.deliver("x" + i);
        }
        while (got.size() < 7) {
            one.deliver("y" + got.size());
        }
        one.deliver("last");
        two.deliver("a");
        time.advanceTimeBy(Duration.ofNanos(Inflow.HELD_NANOS));
        assertThat(two.nacked).containsExactly("a");

        subscriber.request(4);
        two.deliver("b");
        two.deliver("c");
        two.deliver("d");

        assertThat(two.nacked).containsExactly("a", "b", "c", "d");
        assertThat(got).hasSize(8).doesNotContain("b", "c", "d");
        assertThat(two.requested).isEqualTo(2);
        two.deliver("a");
        assertThat(got).endsWith("a");
    }

    @Test
    void removed_isNotWaitedFor_andWhatItBroughtGoesBack() {
        Source one = new Source();
        Source two = new Source();
        subscriber.request(1);
        one.deliver("a");
        two.deliver("b");

        inflow.remove(two.inlet);
        subscriber.request(1);

        assertThat(two.nacked).containsExactly("b");
        assertThat(got).containsExactly("a");
        assertThat(one.requested).isEqualTo(1);
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
    void cancel_givesBackWhatWaits_andWhatComesLater() {
        Source one = new Source();
        Source two = new Source();
        subscriber.request(1);
        one.deliver("a");
        two.deliver("b");

        subscriber.cancel();
        one.deliver("c");

        assertThat(two.nacked).containsExactly("b");
        assertThat(one.nacked).containsExactly("c");
        assertThat(overs).hasValue(1);
        assertThat(got).containsExactly("a");
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
