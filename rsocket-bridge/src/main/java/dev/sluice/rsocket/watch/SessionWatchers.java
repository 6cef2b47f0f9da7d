package dev.sluice.rsocket.watch;

import dev.sluice.Source;
import dev.sluice.rsocket.Call;
import dev.sluice.rsocket.RemoteSource;
import dev.sluice.rsocket.Request;
import java.util.function.Function;
import java.util.function.Supplier;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

/** Two watchers of a session as one: the first is told first, and is the outer one of what both wrap. */
record SessionWatchers(SessionWatcher first, SessionWatcher second) implements SessionWatcher {

    static SessionWatcher both(SessionWatcher first, SessionWatcher second) {
        if (first == NONE) {
            return second;
        }
        return second == NONE ? first : new SessionWatchers(first, second);
    }

    @Override
    public void began() {
        first.began();
        second.began();
    }

    @Override
    public void ended(Ending how) {
        first.ended(how);
        second.ended(how);
    }

    @Override
    public void sent(int bytes) {
        first.sent(bytes);
        second.sent(bytes);
    }

    @Override
    public void received(int bytes) {
        first.received(bytes);
        second.received(bytes);
    }

    @Override
    public void frames(int in, int out) {
        first.frames(in, out);
        second.frames(in, out);
    }

    @Override
    public void streams(int in, int out) {
        first.streams(in, out);
        second.streams(in, out);
    }

    @Override
    public void stalled(Stall why, long nanos) {
        first.stalled(why, nanos);
        second.stalled(why, nanos);
    }

    @Override
    public Flux<RemoteSource> calling(Call call, Function<Call, Flux<RemoteSource>> make) {
        return first.calling(call, changed -> second.calling(changed, make));
    }

    @Override
    public Publisher<? extends Source> serving(
            Request request, Supplier<? extends Publisher<? extends Source>> answer) {
        return first.serving(request, () -> second.serving(request, answer));
    }
}
