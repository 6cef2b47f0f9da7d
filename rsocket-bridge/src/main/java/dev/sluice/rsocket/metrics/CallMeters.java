package dev.sluice.rsocket.metrics;

import dev.sluice.rsocket.wire.Code;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Times calls by service and outcome. Thread safe. */
final class CallMeters {

    private record Key(String direction, String service, String outcome) {}

    private final MeterRegistry registry;
    private final Tags tags;
    private final ServiceNames services;
    private final Counter denied;
    private final Counter limited;

    /** A registry looks a meter up by its tags, which costs more than all else here. */
    private final Map<Key, Timer> timers = new ConcurrentHashMap<>();

    CallMeters(MeterRegistry registry, Tags tags, ServiceNames services) {
        this.registry = registry;
        this.tags = tags;
        this.services = services;
        this.denied = SluiceMetrics.rejects(registry, tags, "denied");
        this.limited = SluiceMetrics.rejects(registry, tags, "limited");
    }

    /** A call this side made. */
    void made(String service, String outcome, long nanos) {
        time("out", services.admit(service), outcome, nanos);
    }

    /** A call this side served. */
    void served(String service, String outcome, long nanos) {
        time("in", services.look(service), outcome, nanos);
        if (outcome.equals(Outcomes.of(Code.DENIED))) {
            denied.increment();
        } else if (outcome.equals(Outcomes.of(Code.LIMIT))) {
            limited.increment();
        }
    }

    private void time(String direction, String service, String outcome, long nanos) {
        timers.computeIfAbsent(new Key(direction, service, outcome), this::timer)
                .record(nanos, TimeUnit.NANOSECONDS);
    }

    private Timer timer(Key key) {
        return Timer.builder("sluice.calls")
                .description("Calls, from the subscription to the end of the answer")
                .tags(tags.and("direction", key.direction, "service", key.service, "outcome", key.outcome))
                .register(registry);
    }
}
