package dev.sluice.pipes;

import dev.sluice.Frame;
import dev.sluice.channel.Delivery;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.test.scheduler.VirtualTimeScheduler;

/** A member's deliveries from instances that are handed by a test. */
abstract class InflowFixture {

    final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    final AtomicInteger overs = new AtomicInteger();
    final AtomicInteger completions = new AtomicInteger();
    final List<String> got = new ArrayList<>();
    final List<Throwable> errors = new ArrayList<>();
    final BaseSubscriber<Delivery<Frame>> subscriber = new BaseSubscriber<>() {
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

        @Override
        protected void hookOnComplete() {
            completions.incrementAndGet();
        }
    };
    final Inflow inflow = new Inflow(subscriber, time, overs::incrementAndGet);

    InflowFixture() {
        subscriber.onSubscribe(inflow);
    }

    /** An instance, by hand. */
    final class Source implements Subscription {
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

    record Handed(String text, List<String> nacked) implements Delivery<Frame> {
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
}
