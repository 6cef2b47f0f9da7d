package dev.sluice.channel.tck;

import dev.sluice.channel.Channel;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.tck.SubscriberBlackboxVerification;
import org.reactivestreams.tck.TestEnvironment;

/** The subscriber of {@link Channel#sendAll(Publisher)} by the rules of Reactive Streams. */
public class SendAllTckTest extends SubscriberBlackboxVerification<Integer> {

    public SendAllTckTest() {
        super(new TestEnvironment(300, 30));
    }

    @Override
    public Subscriber<Integer> createSubscriber() {
        AtomicReference<Subscriber<? super Integer>> subscriber = new AtomicReference<>();
        Channel<Integer> channel = Channel.create(8);
        channel.receive().subscribe();
        Publisher<Integer> elements = subscriber::set;
        channel.sendAll(elements).subscribe(sent -> {}, error -> {});
        return new Seen(Objects.requireNonNull(subscriber.get()));
    }

    /** Makes the type exact. */
    private record Seen(Subscriber<? super Integer> actual) implements Subscriber<Integer> {
        @Override
        public void onSubscribe(org.reactivestreams.Subscription s) {
            actual.onSubscribe(s);
        }

        @Override
        public void onNext(Integer element) {
            actual.onNext(element);
        }

        @Override
        public void onError(Throwable error) {
            actual.onError(error);
        }

        @Override
        public void onComplete() {
            actual.onComplete();
        }
    }

    @Override
    public Integer createElement(int element) {
        return element;
    }
}
