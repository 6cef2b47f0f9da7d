package dev.sluice.switching;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.sluice.channel.Channel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;

/** A reader is switched to another channel while an element is sent to the old one. */
@JCStressTest
@Outcome(id = "fine", expect = ACCEPTABLE, desc = "The reader got it, or it is in the channel still.")
@Outcome(expect = FORBIDDEN, desc = "Lost, doubled, or more than was asked for.")
@State
public class SourceSwitchedWhileSendingTest {
    private final Channel<Integer> old = Channel.create(8);
    private final Channel<Integer> recent = Channel.create(8);
    private final SwitchableSource<Integer> source = SwitchableSource.create("source", old.receive());
    private final List<Integer> received = Collections.synchronizedList(new ArrayList<>());

    /** One reader, who asks for one element. */
    public SourceSwitchedWhileSendingTest() {
        recent.trySend(2);
        source.asFlux().subscribe(new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {
                subscription.request(1);
            }

            @Override
            protected void hookOnNext(Integer element) {
                received.add(element);
            }
        });
    }

    /** Sends to the old one. */
    @Actor
    public void sender() {
        old.trySend(1);
    }

    /** Switches. */
    @Actor
    public void switcher() {
        source.switchTo(recent.receive()).subscribe();
    }

    /** One of them was received, the other is where it was. */
    @Arbiter
    public void after(L_Result result) {
        List<Integer> rest = Contents.of(old, recent);
        List<Integer> all = new ArrayList<>(received);
        all.addAll(rest);
        Collections.sort(all);
        result.r1 = received.size() == 1 && all.equals(List.of(1, 2)) ? "fine" : received + " and " + rest;
    }
}
