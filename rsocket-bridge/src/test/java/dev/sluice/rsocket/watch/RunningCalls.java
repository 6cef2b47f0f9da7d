package dev.sluice.rsocket.watch;

import dev.sluice.Frame;
import dev.sluice.Source;
import dev.sluice.rsocket.Nest;
import dev.sluice.rsocket.Request;
import dev.sluice.rsocket.session.AcknowledgedSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

/** Served calls that run, by service: until the answer and the frames of all its sources are over. What an application's own watcher can look like. */
final class RunningCalls implements Watcher {

    private final Map<String, Integer> open = new ConcurrentHashMap<>();

    /** Answers and sources that are open. */
    Map<String, Integer> open() {
        return Map.copyOf(open);
    }

    @Override
    public SessionWatcher session(Side side) {
        return new SessionWatcher() {
            @Override
            public Publisher<? extends Source> serving(
                    Request request, Supplier<? extends Publisher<? extends Source>> answer) {
                return served(request.service(), answer);
            }
        };
    }

    private Publisher<? extends Source> served(String service, Supplier<? extends Publisher<? extends Source>> answer) {
        Share share = new Share(service);
        try {
            return Flux.from(answer.get())
                    .<Source>map(source -> watched(source, service))
                    .doFinally(end -> share.end());
        } catch (Throwable refused) {
            share.end();
            throw refused;
        }
    }

    private Source watched(Source source, String service) {
        if (source instanceof AcknowledgedSource) {
            // What a channel gives its receivers stays as it is, for its acknowledgements; it never ends by itself.
            return source;
        }
        Share share = new Share(service);
        if (source instanceof Nest nest) {
            return Nest.of(
                    nest.header(),
                    nest.sources().map(each -> watched(each, service)).doFinally(end -> share.end()));
        }
        return new Watched(source, share);
    }

    /** One answer, or one source of it. */
    private final class Share {
        private final String service;
        private final AtomicBoolean over = new AtomicBoolean();

        Share(String service) {
            this.service = service;
            open.merge(service, 1, Integer::sum);
        }

        void end() {
            if (over.compareAndSet(false, true)) {
                open.computeIfPresent(service, (name, count) -> count == 1 ? null : count - 1);
            }
        }
    }

    private record Watched(Source source, Share share) implements Source {

        @Override
        public Frame header() {
            return source.header();
        }

        @Override
        public Flux<Frame> frames() {
            return source.frames().doFinally(end -> share.end());
        }

        @Override
        public void discard() {
            share.end();
            source.discard();
        }
    }
}
