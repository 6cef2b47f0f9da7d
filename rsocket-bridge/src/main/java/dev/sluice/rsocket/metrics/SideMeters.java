package dev.sluice.rsocket.metrics;

import dev.sluice.Source;
import dev.sluice.rsocket.Call;
import dev.sluice.rsocket.RemoteSource;
import dev.sluice.rsocket.Request;
import dev.sluice.rsocket.watch.Ending;
import dev.sluice.rsocket.watch.SessionWatcher;
import dev.sluice.rsocket.watch.Stall;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

/** The meters of all sessions this side opened, or of all it accepted. Thread safe. */
final class SideMeters implements SessionWatcher {

    private final MeterRegistry registry;
    private final Tags tags;
    private final CallMeters calls;
    private final @Nullable Observing observing;

    private final LongAdder sessions;
    private final Counter opened;
    private final Map<Ending, Counter> closed = new EnumMap<>(Ending.class);
    private final LongAdder streamsIn;
    private final LongAdder streamsOut;
    private final Counter bytesIn;
    private final Counter bytesOut;
    private final Counter framesIn;
    private final Counter framesOut;
    private final DistributionSummary batchesIn;
    private final DistributionSummary batchesOut;
    private final Map<Stall, Timer> stalls = new EnumMap<>(Stall.class);

    SideMeters(MeterRegistry registry, Tags tags, CallMeters calls, @Nullable Observing observing) {
        this.registry = registry;
        this.tags = tags;
        this.calls = calls;
        this.observing = observing;
        sessions = gauge("sluice.sessions.open", tags, "sessions", "Sessions that are open");
        opened = counter("sluice.sessions.opened", tags, "sessions", "Sessions that have begun");
        for (Ending how : Ending.values()) {
            Tags reason = tags.and("reason", SluiceMetrics.lowerCase(how));
            closed.put(how, counter("sluice.sessions.closed", reason, "sessions", "Sessions that have ended"));
        }
        Tags in = tags.and("direction", "in");
        Tags out = tags.and("direction", "out");
        streamsIn = gauge("sluice.streams.open", in, "streams", "Streams and calls that are open");
        streamsOut = gauge("sluice.streams.open", out, "streams", "Streams and calls that are open");
        bytesIn = counter("sluice.bytes", in, "bytes", "Bytes of batches, as they travel");
        bytesOut = counter("sluice.bytes", out, "bytes", "Bytes of batches, as they travel");
        framesIn = counter("sluice.frames", in, "frames", "Frames");
        framesOut = counter("sluice.frames", out, "frames", "Frames");
        batchesIn = batches(in);
        batchesOut = batches(out);
        for (Stall why : Stall.values()) {
            stalls.put(why, stall(SluiceMetrics.lowerCase(why)));
        }
    }

    private LongAdder gauge(String name, Tags tagged, String unit, String description) {
        LongAdder value = new LongAdder();
        Gauge.builder(name, value::sum)
                .description(description)
                .baseUnit(unit)
                .tags(tagged)
                .register(registry);
        return value;
    }

    private Counter counter(String name, Tags tagged, String unit, String description) {
        return Counter.builder(name)
                .description(description)
                .baseUnit(unit)
                .tags(tagged)
                .register(registry);
    }

    private DistributionSummary batches(Tags tagged) {
        return DistributionSummary.builder("sluice.batch")
                .description("How full batches are")
                .baseUnit("bytes")
                .tags(tagged)
                .register(registry);
    }

    private Timer stall(String window) {
        return Timer.builder("sluice.stalls")
                .description("Times in which data waited for a window")
                .tags(tags.and("window", window))
                .register(registry);
    }

    @Override
    public void began() {
        opened.increment();
        sessions.increment();
    }

    @Override
    public void ended(Ending how) {
        // Who sees that none is open finds it among those that ended.
        Objects.requireNonNull(closed.get(how)).increment();
        sessions.decrement();
    }

    @Override
    public void sent(int bytes) {
        bytesOut.increment(bytes);
        batchesOut.record(bytes);
    }

    @Override
    public void received(int bytes) {
        bytesIn.increment(bytes);
        batchesIn.record(bytes);
    }

    @Override
    public void frames(int in, int out) {
        framesIn.increment(in);
        framesOut.increment(out);
    }

    @Override
    public void streams(int in, int out) {
        streamsIn.add(in);
        streamsOut.add(out);
    }

    @Override
    public void stalled(Stall why, long nanos) {
        Objects.requireNonNull(stalls.get(why)).record(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public Flux<RemoteSource> calling(Call call, Function<Call, Flux<RemoteSource>> make) {
        return new MadeCall(call, make, calls, observing);
    }

    @Override
    public Publisher<? extends Source> serving(
            Request request, Supplier<? extends Publisher<? extends Source>> answer) {
        return ServedAnswer.of(request, answer, calls, observing);
    }
}
