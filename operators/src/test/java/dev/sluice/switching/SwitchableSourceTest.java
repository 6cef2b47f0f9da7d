package dev.sluice.switching;

import static dev.sluice.switching.Ends.LONG;
import static dev.sluice.switching.Ends.channel;
import static dev.sluice.switching.Ends.drain;
import static dev.sluice.switching.Ends.sendNow;
import static dev.sluice.switching.Ends.subscribe;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.channel.Channel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;
import reactor.test.subscriber.TestSubscriber;

class SwitchableSourceTest {

    private final Channel<Integer> left = channel("left", 10);
    private final Channel<Integer> right = channel("right", 10);
    private final SwitchableSource<Integer> source = SwitchableSource.create("reader", left.receive());

    private static TestSubscriber<Integer> demanding(SwitchableSource<Integer> source, long demand) {
        TestSubscriber<Integer> subscriber =
                TestSubscriber.builder().initialRequest(demand).build();
        source.asFlux().subscribe(subscriber);
        return subscriber;
    }

    @Test
    void subscriber_getsWhatTheUpstreamGives() {
        TestSubscriber<Integer> subscriber = subscribe(source.asFlux());
        sendNow(left, 1, 2);

        assertThat(subscriber.getReceivedOnNext()).containsExactly(1, 2);
        assertThat(source.subscribers()).isEqualTo(1);
    }

    @Test
    void switchTo_anIdleSubscriber_goesOnWithTheNew() {
        TestSubscriber<Integer> subscriber = subscribe(source.asFlux());
        Publisher<Integer> next = right.receive();
        Publisher<? extends Integer> first = source.upstream();

        assertThat(source.switchTo(next).block(LONG)).isSameAs(first);
        sendNow(left, 1);
        sendNow(right, 2);

        assertThat(subscriber.getReceivedOnNext()).containsExactly(2);
        assertThat(source.upstream()).isSameAs(next);
        assertThat(drain(left)).containsExactly(1);
    }

    @Test
    void switchTo_carriesDemandOverExactly() {
        sendNow(left, 1, 2);
        sendNow(right, 11, 12, 13, 14);
        TestSubscriber<Integer> subscriber = demanding(source, 4);

        source.switchTo(right.receive()).block(LONG);
        assertThat(subscriber.getReceivedOnNext()).containsExactly(1, 2, 11, 12);
        subscriber.request(1);

        assertThat(subscriber.getReceivedOnNext()).containsExactly(1, 2, 11, 12, 13);
        subscriber.cancel();
        assertThat(drain(right)).containsExactly(14);
    }

    @Test
    void switchTo_withoutDemand_takesNothing() {
        sendNow(left, 1);
        sendNow(right, 11);
        TestSubscriber<Integer> subscriber = demanding(source, 0);

        source.switchTo(right.receive()).block(LONG);
        subscriber.cancel();

        assertThat(drain(left)).containsExactly(1);
        assertThat(drain(right)).containsExactly(11);
    }

    @Test
    void switchTo_asksTheNewForNoMoreThanABatch() {
        TestPublisher<Integer> endless = TestPublisher.create();
        subscribe(source.asFlux());

        source.switchTo(endless).block(LONG);

        endless.assertMinRequested(SwitchableSource.BATCH);
    }

    @Test
    void switchTo_notSubscribed_changesNothing() {
        source.switchTo(right.receive());
        TestSubscriber<Integer> subscriber = subscribe(source.asFlux());
        sendNow(left, 1);

        assertThat(subscriber.getReceivedOnNext()).containsExactly(1);
    }

    @Test
    void switchTo_fromWithinOnNext_deliversTheRestOfTheOldToOthers() {
        sendNow(left, 1, 2, 3);
        sendNow(right, 11, 12);
        List<Integer> received = new ArrayList<>();
        source.asFlux().subscribe(element -> {
            received.add(element);
            if (element == 2) {
                source.switchTo(right.receive()).subscribe();
            }
        });

        assertThat(received).containsExactly(1, 2, 11, 12);
        assertThat(drain(left)).containsExactly(3);
    }

    @Test
    void switchTo_isDone_whenTheElementOnItsWayIsDelivered() {
        List<String> log = new ArrayList<>();
        source.asFlux().subscribe(element -> {
            source.switchTo(right.receive()).subscribe(any -> log.add("switched"));
            log.add("received " + element);
        });
        sendNow(left, 1);

        assertThat(log).containsExactly("received 1", "switched");
    }

    @Test
    void cancel_strandsNothing() {
        sendNow(left, 1, 2, 3, 4);
        List<Integer> received = new ArrayList<>();
        source.asFlux().take(2).subscribe(received::add);

        assertThat(received).containsExactly(1, 2);
        assertThat(drain(left)).containsExactly(3, 4);
        assertThat(source.subscribers()).isZero();
    }

    @Test
    void cancel_whileAnElementIsBeingDelivered_leavesTheRestToOthersAtOnce() {
        List<Integer> others = new ArrayList<>();
        List<Integer> othersMeanwhile = new ArrayList<>();
        sendNow(left, 1, 2, 3);

        source.asFlux().subscribe(new BaseSubscriber<>() {
            @Override
            protected void hookOnNext(Integer element) {
                cancel();
                source.asFlux().subscribe(others::add);
                othersMeanwhile.addAll(others);
            }
        });

        assertThat(othersMeanwhile).containsExactly(2, 3);
        assertThat(others).containsExactly(2, 3);
    }

    @Test
    void subscribers_competeAndSwitchTogether() {
        TestSubscriber<Integer> first = subscribe(source.asFlux());
        TestSubscriber<Integer> second = subscribe(source.asFlux());
        source.switchTo(right.receive()).block(LONG);
        sendNow(right, 1, 2);

        assertThat(first.getReceivedOnNext().size() + second.getReceivedOnNext().size())
                .isEqualTo(2);
        TestSubscriber<Integer> late = subscribe(source.asFlux());
        sendNow(right, 3, 4, 5);
        assertThat(late.getReceivedOnNext()).hasSize(1);
    }

    @Test
    void upstream_completes_completesSubscribers_whoCameToIt() {
        TestSubscriber<Integer> subscriber = subscribe(source.asFlux());
        sendNow(left, 1);
        left.close();

        assertThat(subscriber.getReceivedOnNext()).containsExactly(1);
        assertThat(subscriber.isTerminatedComplete()).isTrue();
        assertThat(source.subscribers()).isZero();
        assertThat(source.switchTo(right.receive()).block(LONG)).isNotNull();
        TestSubscriber<Integer> late = subscribe(source.asFlux());
        sendNow(right, 2);
        assertThat(late.getReceivedOnNext()).containsExactly(2);
    }

    @Test
    void upstream_completes_whenToldToWait_subscribersGoOnWithTheNext() {
        SwitchableSource<Integer> waiting = SwitchableSource.create("reader", Flux.just(1, 2), UpstreamEnd.WAIT);
        TestSubscriber<Integer> subscriber = subscribe(waiting.asFlux());

        assertThat(subscriber.isTerminated()).isFalse();
        waiting.switchTo(Flux.just(3)).block(LONG);

        assertThat(subscriber.getReceivedOnNext()).containsExactly(1, 2, 3);
        waiting.switchTo(Flux.error(new IllegalStateException("broken"))).block(LONG);
        assertThat(subscriber.expectTerminalError()).hasMessage("broken");
    }

    @Test
    void upstream_thatWasLeft_mayEndAsItLikes() {
        TestPublisher<Integer> old = TestPublisher.createNoncompliant(TestPublisher.Violation.CLEANUP_ON_TERMINATE);
        SwitchableSource<Integer> from = SwitchableSource.create("reader", old);
        TestSubscriber<Integer> subscriber = subscribe(from.asFlux());
        from.switchTo(right.receive()).block(LONG);

        old.complete();
        sendNow(right, 1);

        assertThat(subscriber.getReceivedOnNext()).containsExactly(1);
        assertThat(subscriber.isTerminated()).isFalse();
    }

    @Test
    void element_thatComesLate_isDeliveredOnce_whenThereIsDemand() {
        Late late = new Late();
        SwitchableSource<Integer> from = SwitchableSource.create("reader", late);
        TestSubscriber<Integer> subscriber = demanding(from, 2);
        sendNow(right, 11, 12, 13);
        from.switchTo(right.receive()).block(LONG);
        assertThat(subscriber.getReceivedOnNext()).containsExactly(11, 12);

        late.actual.onNext(1);
        assertThat(subscriber.getReceivedOnNext()).containsExactly(11, 12);
        subscriber.request(1);

        assertThat(subscriber.getReceivedOnNext()).containsExactly(11, 12, 1);
        subscriber.cancel();
        assertThat(drain(right)).containsExactly(13);
    }

    /** Emits after a cancel what it had taken before. */
    private static final class Late extends Flux<Integer> {
        CoreSubscriber<? super Integer> actual;

        @Override
        public void subscribe(CoreSubscriber<? super Integer> subscriber) {
            actual = subscriber;
            subscriber.onSubscribe(new Subscription() {
                @Override
                public void request(long n) {}

                @Override
                public void cancel() {}
            });
        }
    }

    @Test
    void hold_givesNothing_andResumeGoesOn() {
        TestSubscriber<Integer> subscriber = demanding(source, 3);
        source.hold().block(LONG);
        source.hold().block(LONG);
        sendNow(left, 1, 2, 3, 4);

        assertThat(subscriber.getReceivedOnNext()).isEmpty();
        assertThat(source.isHeld()).isTrue();
        source.resume().block(LONG);
        source.resume().block(LONG);

        assertThat(subscriber.getReceivedOnNext()).containsExactly(1, 2, 3);
    }

    @Test
    void switchTo_whileHeld_takesEffectAtResume() {
        TestSubscriber<Integer> subscriber = subscribe(source.asFlux());
        source.hold().block(LONG);
        source.switchTo(right.receive()).block(LONG);
        sendNow(right, 1);
        assertThat(subscriber.getReceivedOnNext()).isEmpty();
        source.resume().block(LONG);

        assertThat(subscriber.getReceivedOnNext()).containsExactly(1);
    }

    @Test
    void subscriber_thatThrows_isCancelled_andTheOthersGoOn() {
        source.asFlux().subscribe(new BaseSubscriber<>() {
            @Override
            protected void hookOnNext(Integer element) {
                throw new IllegalStateException("thrown on purpose");
            }
        });
        sendNow(left, 1);
        TestSubscriber<Integer> other = subscribe(source.asFlux());
        sendNow(left, 2);

        assertThat(other.getReceivedOnNext()).containsExactly(2);
    }

    @Test
    void subscriber_thatThrowsAnErrorOfTheVm_holdsUpNoSwitch() {
        source.asFlux().subscribe(new BaseSubscriber<>() {
            @Override
            protected void hookOnNext(Integer element) {
                throw new InternalError("of the VM");
            }
        });

        assertThatThrownBy(() -> left.trySend(1)).hasMessage("of the VM");

        source.switchTo(right.receive()).block(LONG);
        assertThat(source.subscribers()).isZero();
    }

    @Test
    void request_ofNothing_failsTheSubscriber() {
        TestSubscriber<Integer> subscriber = demanding(source, 0);
        source.asFlux().subscribe(new CoreSubscriber<>() {
            @Override
            public void onSubscribe(Subscription s) {
                s.request(0);
            }

            @Override
            public void onNext(Integer element) {}

            @Override
            public void onError(Throwable cause) {
                assertThat(cause).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("3.9");
                subscriber.cancel();
            }

            @Override
            public void onComplete() {}
        });

        assertThat(subscriber.isCancelled()).isTrue();
        assertThat(source.subscribers()).isZero();
    }

    @Test
    void longChain_ofSwitchesFromWithin_needsNoStack() {
        List<Integer> received = new ArrayList<>();
        SwitchableSource<Integer> own = SwitchableSource.create("own", Flux.just(0), UpstreamEnd.WAIT);
        own.asFlux().subscribe(element -> {
            received.add(element);
            if (element < 50_000) {
                own.switchTo(Flux.just(element + 1)).subscribe();
            }
        });

        assertThat(received).hasSize(50_001);
    }

    @Test
    void context_reachesTheUpstream() {
        SwitchableSource<String> own =
                SwitchableSource.create("own", Flux.deferContextual(context -> Flux.just(context.<String>get("who"))));

        StepVerifier.create(own.asFlux().contextWrite(context -> context.put("who", "me")))
                .expectNext("me")
                .verifyComplete();
    }

    @Test
    void source_isNamed_andChecksWhatItIsGiven() {
        assertThat(source.name()).isEqualTo("reader");
        assertThat(Scannable.from(source.asFlux()).stepName()).isEqualTo("source(reader)");
        assertThat(source.toString()).startsWith("SwitchableSource[").contains("-> reader");
        assertThatThrownBy(() -> source.switchTo(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> SwitchableSource.create("a", null)).isInstanceOf(NullPointerException.class);
    }
}
