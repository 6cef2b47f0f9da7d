package dev.sluice.rsocket.metrics;

import dev.sluice.rsocket.watch.Refusal;
import dev.sluice.rsocket.watch.SessionWatcher;
import dev.sluice.rsocket.watch.Side;
import dev.sluice.rsocket.watch.Watcher;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.observation.ObservationRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Meters of servers and clients in a {@link MeterRegistry}, and an observation for each call when there is an {@link ObservationRegistry}.
 * {@code docs/metrics.md} lists them.
 *
 * <p>All meters but those of calls are registered at once, so that they are there, at 0, before anything happens. The values of tags are few: names of
 * services are counted as {@code other} beyond {@link Builder#mostServices}, and names that callers make up as {@code unknown}.
 *
 * <p>One instance may watch any number of endpoints, which it adds up; give each its own with {@link Builder#tag} to tell them apart. Two of
 * the same registry and tags would share their counters but not their gauges. Thread safe.
 */
public final class SluiceMetrics implements Watcher {

    private final Map<Side, SideMeters> sides = new EnumMap<>(Side.class);
    private final Map<Refusal, Counter> refusals = new EnumMap<>(Refusal.class);
    private final ServiceNames services;
    private final Counter reconnects;

    private SluiceMetrics(Builder values) {
        MeterRegistry registry = values.registry;
        services = new ServiceNames(values.mostServices);
        CallMeters calls = new CallMeters(registry, values.tags, services);
        for (Refusal reason : Refusal.values()) {
            refusals.put(reason, rejects(registry, values.tags, lowerCase(reason)));
        }
        ObservationRegistry observations = values.observations;
        Observing observing = observations == null ? null : new Observing(observations, services);
        for (Side side : Side.values()) {
            sides.put(side, new SideMeters(registry, values.tags.and("side", lowerCase(side)), calls, observing));
        }
        reconnects = Counter.builder("sluice.reconnects")
                .description("Times a client connected once more, as it had lost its connection or got none")
                .tags(values.tags)
                .register(registry);
    }

    /** Meters in this registry, without observations. */
    public static SluiceMetrics of(MeterRegistry registry) {
        return builder(registry).build();
    }

    /** A builder with all defaults. */
    public static Builder builder(MeterRegistry registry) {
        return new Builder(Objects.requireNonNull(registry, "registry"));
    }

    @Override
    public SessionWatcher session(Side side) {
        return Objects.requireNonNull(sides.get(side));
    }

    @Override
    public void offered(String service) {
        services.admit(service);
    }

    @Override
    public void refused(Refusal reason) {
        Objects.requireNonNull(refusals.get(reason)).increment();
    }

    @Override
    public void reconnecting() {
        reconnects.increment();
    }

    static Counter rejects(MeterRegistry registry, Tags tags, String reason) {
        return Counter.builder("sluice.rejects")
                .description("Connections and calls that were turned away")
                .tags(tags.and("reason", reason))
                .register(registry);
    }

    static String lowerCase(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    /** Builds {@link SluiceMetrics}. Not thread safe. */
    public static final class Builder {
        private final MeterRegistry registry;
        private @Nullable ObservationRegistry observations;
        private Tags tags = Tags.empty();
        private int mostServices = 100;

        private Builder(MeterRegistry registry) {
            this.registry = registry;
        }

        /**
         * Observes each call: {@code sluice.call} where it is made, {@code sluice.serve} where it is served. With a tracer among the registry's
         * handlers, a trace goes along in the tags of calls. Nothing is observed by default.
         */
        public Builder observations(ObservationRegistry value) {
            observations = Objects.requireNonNull(value, "observations");
            return this;
        }

        /** A tag of every meter, to tell endpoints apart. None by default. */
        public Builder tag(String key, String value) {
            tags = tags.and(Tag.of(key, value));
            return this;
        }

        /** How many names of services are told apart at most, 1 to 10,000. Default 100. */
        public Builder mostServices(int names) {
            mostServices = names;
            return this;
        }

        /**
         * The meters, registered.
         *
         * @throws IllegalArgumentException when a value is out of bounds
         */
        public SluiceMetrics build() {
            if (mostServices < 1 || mostServices > 10_000) {
                throw new IllegalArgumentException("mostServices must be 1 to 10000, was " + mostServices);
            }
            return new SluiceMetrics(this);
        }
    }
}
