package dev.sluice.hub.cli.bench;

import dev.sluice.Frame;
import dev.sluice.hub.control.HubClient;
import dev.sluice.rsocket.Call;
import dev.sluice.rsocket.RemoteSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Calls of the hub's service {@code echo}, some at a time: each answers with one source of one frame. Thread safe. */
public final class Opening implements Shape {

    private final Period period;
    private final List<Caller> callers = new ArrayList<>();

    /** The first one: the others, mostly of the same reason, have nothing to add. */
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    /**
     * Calls that are not made yet.
     *
     * @param size bytes of a call's body
     * @param inFlight calls at a time, all connections together; at least one each
     */
    public Opening(Period period, int size, int inFlight, List<HubClient> connections) {
        this.period = period;
        Call call = Call.to("echo").body(Frame.wrap(new byte[size])).firstItems(1);
        for (int number = 0; number < connections.size(); number++) {
            int share = inFlight / connections.size() + (number < inFlight % connections.size() ? 1 : 0);
            callers.add(new Caller(connections.get(number), call, share, period.share(number, connections.size())));
        }
    }

    @Override
    public Outcome run() {
        Period.Clock clock = period.start();
        Mono.when(callers.stream().map(caller -> caller.calls(clock)).toList()).block();
        Throwable failed = failure.get();
        if (failed != null) {
            throw Exceptions.propagate(failed);
        }
        double seconds = (System.nanoTime() - clock.measuredFrom()) / 1e9;
        Histogram times = Figure.histogram();
        long calls = 0;
        long lost = 0;
        long doubled = 0;
        for (Caller caller : callers) {
            times.add(caller.times);
            calls += caller.done.get();
            lost += caller.lost;
            doubled += caller.doubled;
        }
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("calls", calls);
        figures.put("lost", lost);
        figures.put("doubled", doubled);
        figures.put("measuredCalls", times.getTotalCount());
        figures.put("measuredSeconds", Figure.of(seconds));
        figures.put("callsPerSecond", Figure.of(times.getTotalCount() / seconds));
        Figure.putPercentiles(figures, times);
        return new Outcome(figures, lost == 0 && doubled == 0);
    }

    @Override
    public long done() {
        return callers.stream().mapToLong(caller -> caller.done.get()).sum();
    }

    /** One connection, whose signals come one after the other. */
    private final class Caller {
        private final HubClient hub;
        private final Call call;
        private final int inFlight;
        private final long limit;
        private final Histogram times = Figure.histogram();
        private final AtomicLong done = new AtomicLong();
        private long lost;
        private long doubled;

        Caller(HubClient hub, Call call, int inFlight, long limit) {
            this.hub = hub;
            this.call = call;
            this.inFlight = inFlight;
            this.limit = limit;
        }

        Mono<Void> calls(Period.Clock clock) {
            return Flux.<Boolean, Long>generate(() -> 0L, (made, sink) -> {
                        if (clock.isOver() || made >= limit || failure.get() != null) {
                            sink.complete();
                        } else {
                            sink.next(Boolean.TRUE);
                        }
                        return made + 1;
                    })
                    .flatMap(go -> once(clock), inFlight, 1)
                    .then();
        }

        private Mono<Void> once(Period.Clock clock) {
            return Mono.defer(() -> {
                long began = System.nanoTime();
                return hub.client()
                        .call(call)
                        .flatMap(RemoteSource::frames)
                        .index((place, frame) -> {
                            if (place == 0 && began - clock.measuredFrom() >= 0) {
                                record(System.nanoTime() - began);
                            }
                            return frame;
                        })
                        .count()
                        .doOnNext(this::count)
                        .onErrorResume(failed -> {
                            failure.compareAndSet(null, failed);
                            return Mono.empty();
                        })
                        .then();
            });
        }

        private synchronized void record(long nanos) {
            Figure.record(times, nanos);
        }

        private synchronized void count(long frames) {
            done.lazySet(done.get() + 1);
            lost += frames == 0 ? 1 : 0;
            doubled += Math.max(0, frames - 1);
        }
    }
}
