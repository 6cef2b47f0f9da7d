package dev.sluice.perf.network;

import dev.sluice.Frame;
import dev.sluice.Source;
import dev.sluice.rsocket.Request;
import dev.sluice.rsocket.Service;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

/** The server of Sluice: one call is answered with all sources. */
final class SluiceService implements Service {
    static final String NAME = "perf";

    private final Contents<Frame> contents = new Contents<>(Frame::wrap);

    @Override
    public Publisher<? extends Source> answer(Request request) {
        Work work = Work.decode(request.body().toByteArray());
        Frame content = contents.of(work);
        Flux<Frame> frames = Flux.range(0, work.frames()).map(i -> content);
        return Flux.range(0, work.sources()).map(i -> Source.of(Frame.EMPTY, frames));
    }
}
