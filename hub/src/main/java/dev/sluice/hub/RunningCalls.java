package dev.sluice.hub;

import dev.sluice.Frame;
import dev.sluice.Source;
import dev.sluice.rsocket.Nest;
import dev.sluice.rsocket.Request;
import dev.sluice.rsocket.session.AcknowledgedSource;
import dev.sluice.rsocket.watch.SessionWatcher;
import dev.sluice.rsocket.watch.Side;
import dev.sluice.rsocket.watch.Watcher;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

/**
 * Counts the calls that come to an end by themselves, and the sources of their answers, so that a hub that is drained knows when they have. Who
 * receives, listens or watches does so until it is told to stop: these are not counted. Thread safe.
 */
final class RunningCalls implements Watcher, SessionWatcher {

    private static final Set<String> ENDLESS =
            Set.of("channel.receive", "channel.listen", "channel.events", "hub.top", "hub.offer");

    private final LongAdder running = new LongAdder();

    /** How many there are; exact when none begins or ends at the moment. */
    long count() {
        return running.sum();
    }

    @Override
    public SessionWatcher session(Side side) {
        return this;
    }

    @Override
    public Publisher<? extends Source> serving(
            Request request, Supplier<? extends Publisher<? extends Source>> answer) {
        if (ENDLESS.contains(request.service())) {
            return answer.get();
        }
        Share share = new Share();
        try {
            return Flux.from(answer.get()).<Source>map(this::counted).doFinally(end -> share.end());
        } catch (Throwable refused) {
            share.end();
            throw refused;
        }
    }

    /** A source that counts from its announcement on. Deliveries of channels stay as they are: they are told what became of them. */
    private Source counted(Source source) {
        if (source instanceof AcknowledgedSource) {
            return source;
        }
        Share share = new Share();
        if (source instanceof Nest nest) {
            return Nest.of(nest.header(), nest.sources().map(this::counted).doFinally(end -> share.end()));
        }
        return new CountedSource(source, share);
    }

    /** One answer, or one source of it. */
    private final class Share {
        private final AtomicBoolean over = new AtomicBoolean();

        Share() {
            running.increment();
        }

        void end() {
            if (over.compareAndSet(false, true)) {
                running.decrement();
            }
        }
    }

    private record CountedSource(Source source, Share share) implements Source {

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
