package dev.sluice.switching;

import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import org.reactivestreams.tck.TestEnvironment;
import reactor.core.publisher.Flux;

public class SwitchableSourceTckTest extends PublisherVerification<Long> {

    public SwitchableSourceTckTest() {
        super(new TestEnvironment(500, 50));
    }

    @Override
    public Publisher<Long> createPublisher(long elements) {
        Flux<Long> rest = Flux.generate(() -> 0L, (next, sink) -> {
            if (next == elements) {
                sink.complete();
            } else {
                sink.next(next);
            }
            return next + 1;
        });
        SwitchableSource<Long> source = SwitchableSource.create("tck", Flux.never());
        source.switchTo(rest).subscribe();
        return source.asFlux();
    }

    @Override
    public Publisher<Long> createFailedPublisher() {
        return SwitchableSource.<Long>create("tck", Flux.error(new IllegalStateException("failed on purpose")))
                .asFlux();
    }
}
