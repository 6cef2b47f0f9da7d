package dev.sluice.pipes;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.sluice.Frame;
import dev.sluice.channel.Delivery;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.scheduler.Schedulers;

/** A delivery arrives at the moment its member leaves. */
@JCStressTest
@Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "The member has it.")
@Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "It went back.")
@Outcome(expect = FORBIDDEN, desc = "It is lost, or with two.")
@State
public class ArrivalWhileCancelledTest {
    private final AtomicInteger passed = new AtomicInteger();
    private final AtomicInteger back = new AtomicInteger();
    private final Inflow.Inlet inlet = new Inflow.Inlet();
    private final Inflow inflow = new Inflow(
            new CoreSubscriber<Delivery<Frame>>() {
                @Override
                public void onSubscribe(Subscription subscription) {}

                @Override
                public void onNext(Delivery<Frame> delivery) {
                    passed.incrementAndGet();
                }

                @Override
                public void onError(Throwable error) {}

                @Override
                public void onComplete() {}
            },
            Schedulers.immediate(),
            () -> {});

    /** One instance, and demand. */
    public ArrivalWhileCancelledTest() {
        inflow.add(inlet);
        inflow.request(1);
    }

    /** Brings it. */
    @Actor
    public void instance() {
        inlet.deliver(new Delivery<>() {
            @Override
            public Frame value() {
                return Frame.EMPTY;
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
                return back.incrementAndGet() > 0;
            }
        });
    }

    /** Leaves. */
    @Actor
    public void member() {
        inflow.cancel();
    }

    /** Where it is. */
    @Arbiter
    public void after(II_Result result) {
        result.r1 = passed.get();
        result.r2 = back.get();
    }
}
