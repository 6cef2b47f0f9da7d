package dev.sluice.hub;

import dev.sluice.channel.Channels;
import dev.sluice.rsocket.metrics.SluiceMetrics;
import dev.sluice.rsocket.watch.Watcher;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** What a hub tells Prometheus. Thread safe. */
final class HubMetrics {

    /** Scrapes that come faster than this share a reading of the channels. */
    private static final Duration FRESH = Duration.ofMillis(500);

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics collector = new JvmGcMetrics();
    private final Watcher watcher = SluiceMetrics.of(registry);
    private final Mono<String> scrape;

    HubMetrics(Channels channels, int most) {
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ClassLoaderMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        collector.bindTo(registry);
        ChannelMeters meters = new ChannelMeters(channels, most);
        registry.getPrometheusRegistry().register(meters);
        // There may be millions of channels to look at, which is no work for an event loop, nor for a thread that keeps
        // the time.
        scrape = meters.read()
                .then(Mono.fromCallable(() -> registry.scrape()))
                .subscribeOn(Schedulers.boundedElastic())
                .cacheInvalidateWhen(text -> Mono.delay(FRESH).then());
    }

    Watcher watcher() {
        return watcher;
    }

    void gauge(String name, String what, Supplier<Number> value) {
        Gauge.builder(name, value).description(what).register(registry);
    }

    <T> void counter(String name, String what, T of, ToDoubleFunction<T> value) {
        FunctionCounter.builder(name, of, value).description(what).register(registry);
    }

    /** All of it, in Prometheus' text format. */
    Mono<String> scrape() {
        return scrape;
    }

    void close() {
        collector.close();
        registry.close();
    }
}
