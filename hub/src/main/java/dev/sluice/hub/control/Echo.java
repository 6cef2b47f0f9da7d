package dev.sluice.hub.control;

import dev.sluice.Frame;
import dev.sluice.Source;
import dev.sluice.rsocket.Request;
import dev.sluice.rsocket.Service;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

/**
 * Answers with what it was sent: one source, whose header is {@code echo} and whose frame is the call's body; with the tags {@code sources},
 * {@code frames} and {@code size}, so many sources of so many frames of so many bytes, made as they are asked for. To try a connection, and to
 * measure one.
 */
final class Echo implements Service {

    private static final int MOST_SOURCES = 1_000_000;
    private static final int MOST_FRAMES = 1_000_000_000;
    private static final int LARGEST = 16 << 20;

    @Override
    public Publisher<Source> answer(Request request) {
        long sources = Controls.number(request, "sources", 1, 0, MOST_SOURCES);
        long frames = Controls.number(request, "frames", 1, 0, MOST_FRAMES);
        int size = (int) Controls.number(request, "size", -1, 0, LARGEST);
        Frame body = request.body();
        // Made as they are asked for: a call that nobody reads holds none.
        Flux<Frame> repeated = Flux.range(0, (int) frames).map(number -> size < 0 ? body : Frame.wrap(new byte[size]));
        return Flux.range(0, (int) sources).map(number -> Source.of("echo", repeated));
    }
}
