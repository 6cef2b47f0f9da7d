package dev.sluice.nested;

import dev.sluice.Frame;
import dev.sluice.Source;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.tck.SubscriberBlackboxVerification;
import org.reactivestreams.tck.TestEnvironment;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Factory;
import reactor.core.publisher.Flux;

/** Every subscriber of this package, of announcements and of sources, against the Reactive Streams TCK. */
public class SubscribersTckTest extends SubscriberBlackboxVerification<Object> {

    private record Case(String name, IntFunction<?> element, Function<Publisher<Object>, Flux<?>> operator) {
        @Override
        public String toString() {
            return name;
        }
    }

    private final Case subscriber;

    @Factory(dataProvider = "subscribers")
    public SubscribersTckTest(Object subscriber) {
        super(new TestEnvironment(250, 50));
        this.subscriber = (Case) subscriber;
    }

    @Override
    public Subscriber<Object> createSubscriber() {
        AtomicReference<Subscriber<Object>> captured = new AtomicReference<>();
        subscriber.operator.apply(captured::set).subscribe(passed -> {}, failed -> {});
        return captured.get();
    }

    @Override
    public Object createElement(int i) {
        return subscriber.element.apply(i);
    }

    @DataProvider
    public static Object[] subscribers() {
        IntFunction<Source> source = i -> Source.of("s" + i, Flux.empty());
        IntFunction<Integer> number = i -> i;
        MergeOptions options = MergeOptions.defaults();
        return new Object[] {
            subscriber("merge of announcements", source, NestedFlux::mergeFair),
            subscriber("merge of a source", number, above -> NestedFlux.mergeFair(Flux.just(above), p -> p, options)),
            subscriber("concat of announcements", source, NestedFlux::concat),
            subscriber("concat of a source", number, above -> NestedFlux.concat(Flux.just(above), p -> p)),
            subscriber("select", source, above -> NestedFlux.select(above, Frame::isEmpty)),
            subscriber("limitConcurrent", source, above -> NestedFlux.limitConcurrent(above, 100)),
            subscriber("groupBy", number, above -> NestedFlux.<Integer, Integer>groupBy(above, i -> i)),
        };
    }

    @SuppressWarnings("unchecked") // the TCK hands in the elements made above
    private static <T> Case subscriber(String name, IntFunction<T> element, Function<Publisher<T>, Flux<?>> operator) {
        return new Case(name, element, above -> operator.apply((Publisher<T>) above));
    }
}
