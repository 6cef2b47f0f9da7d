package dev.sluice.nested;

import dev.sluice.Frame;
import dev.sluice.Source;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import org.reactivestreams.tck.TestEnvironment;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Factory;
import reactor.core.publisher.Flux;

/** Every publisher of this package against the Reactive Streams TCK. */
public class PublishersTckTest extends PublisherVerification<Object> {

    private record Case(String name, LongFunction<? extends Flux<?>> of, Flux<?> failed) {
        @Override
        public String toString() {
            return name;
        }
    }

    private final Case publisher;

    @Factory(dataProvider = "publishers")
    public PublishersTckTest(Object publisher) {
        super(new TestEnvironment(250, 50));
        this.publisher = (Case) publisher;
    }

    @Override
    public Publisher<Object> createPublisher(long elements) {
        return Publishers.covariant(publisher.of.apply(elements));
    }

    @Override
    public Publisher<Object> createFailedPublisher() {
        return Publishers.covariant(publisher.failed);
    }

    @DataProvider
    public static Object[] publishers() {
        MergeOptions small = MergeOptions.builder().prefetch(4).concurrency(2).build();
        Function<Flux<Integer>, Flux<Integer>> same = flux -> flux;
        return new Object[] {
            new Case(
                    "mergeFair",
                    n -> NestedFlux.mergeFair(split(n), same, small),
                    NestedFlux.mergeFair(failed(), same, small)),
            new Case(
                    "mergeByPriority",
                    n -> NestedFlux.mergeByPriority(split(n), same, Object::hashCode, small),
                    NestedFlux.mergeByPriority(failed(), same, Object::hashCode, small)),
            new Case("concat", n -> NestedFlux.concat(split(n), same), NestedFlux.concat(failed(), same)),
            new Case(
                    "select",
                    n -> NestedFlux.select(sources(n), Frame::isEmpty),
                    NestedFlux.select(Flux.error(new IllegalStateException("failed")), Frame::isEmpty)),
            new Case(
                    "limitConcurrent",
                    n -> NestedFlux.limitConcurrent(sources(n), Integer.MAX_VALUE),
                    NestedFlux.limitConcurrent(Flux.error(new IllegalStateException("failed")), 1)),
            new Case(
                    "groupBy",
                    // Each element opens a group; discarded, or those of an endless source would fill the memory.
                    n -> NestedFlux.<Long, Long>groupBy(count(n), i -> i, small())
                            .doOnNext(Group::discard),
                    NestedFlux.<Long, Long>groupBy(Flux.error(new IllegalStateException("failed")), i -> i)),
            new Case(
                    "group",
                    n -> n == 0 ? Flux.empty() : oneGroup(count(n)),
                    oneGroup(Flux.just(1L)
                            .concatWith(Flux.error(new IllegalStateException("failed")))
                            .skip(1))),
        };
    }

    private static GroupOptions small() {
        return GroupOptions.builder().prefetch(4).bufferSize(4).build();
    }

    private static Flux<Flux<Integer>> failed() {
        return Flux.just(Flux.error(new IllegalStateException("failed")));
    }

    /** So many elements over four sources; too many to count is without end. */
    private static Flux<Flux<Integer>> split(long elements) {
        if (elements > Integer.MAX_VALUE) {
            return Flux.just(Flux.just(1).repeat(), Flux.just(2).repeat());
        }
        int quarter = (int) elements / 4;
        return Flux.just(
                Flux.range(0, quarter),
                Flux.range(quarter, quarter),
                Flux.range(2 * quarter, quarter),
                Flux.range(3 * quarter, (int) elements - 3 * quarter));
    }

    private static Flux<Long> count(long elements) {
        return Flux.generate(() -> 0L, (next, sink) -> {
            if (next == elements) {
                sink.complete();
            } else {
                sink.next(next);
            }
            return next + 1;
        });
    }

    private static Flux<Source> sources(long elements) {
        return count(elements).map(i -> Source.of(Frame.EMPTY, Flux.never()));
    }

    private static <T> Flux<T> oneGroup(Flux<T> elements) {
        return NestedFlux.<String, T>groupBy(
                        elements,
                        element -> "all",
                        GroupOptions.builder().prefetch(4).bufferSize(4).build())
                .next()
                .flatMapMany(group -> group);
    }
}
