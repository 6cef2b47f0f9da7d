package dev.sluice.samples;

import dev.sluice.Frame;
import dev.sluice.Source;
import dev.sluice.nested.NestedFlux;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;

/**
 * Five sources of two frames each, merged fairly: while the reader asks for one frame at a time every source has its
 * turn before any has a second one. One source is ignored by its header and never even started.
 */
final class Nested {

    private Nested() {}

    static void run(PrintWriter out) {
        Flux<Source> sources = Flux.range(1, 5).map(Nested::source);
        out.println("announced:         "
                + sources.map(source -> source.header().asText()).collectList().block());

        out.println("merged fairly:     " + take(NestedFlux.mergeFair(sources)));
        out.println("one after another: " + take(NestedFlux.concat(sources)));
        Flux<Source> wanted =
                NestedFlux.ignore(sources, header -> header.asText().equals("source-3"));
        out.println("without source-3:  " + take(NestedFlux.mergeFair(wanted)));
    }

    private static Source source(int number) {
        return Source.of("source-" + number, Flux.just("a", "b").map(part -> Frame.text(number + part)));
    }

    /** Reads to the end, one frame at a time. */
    private static List<String> take(Flux<Frame> frames) {
        List<String> taken = new ArrayList<>();
        frames.subscribe(new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {
                subscription.request(1);
            }

            @Override
            protected void hookOnNext(Frame frame) {
                taken.add(frame.asText());
                request(1);
            }
        });
        return taken;
    }
}
