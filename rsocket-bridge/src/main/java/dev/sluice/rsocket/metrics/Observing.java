package dev.sluice.rsocket.metrics;

import dev.sluice.rsocket.Call;
import dev.sluice.rsocket.Request;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.ReceiverContext;
import io.micrometer.observation.transport.SenderContext;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/** Observations of calls. A tracer writes its trace into the tags of a call that is made, and reads it from one that is served. Thread safe. */
final class Observing {

    /** Where Reactor and Micrometer agree to keep the observation; their constant needs a library of its own on the class path. */
    static final String KEY = "micrometer.observation";

    private final ObservationRegistry registry;
    private final ServiceNames services;

    Observing(ObservationRegistry registry, ServiceNames services) {
        this.registry = registry;
        this.services = services;
    }

    /** A call that is made; its parent is the observation of the caller's context, or that of its thread. */
    @Nullable Observation made(Call call, CallTags tags, ContextView caller) {
        SenderContext<CallTags> context = new SenderContext<>(
                (to, key, value) -> {
                    if (to != null) {
                        to.add(key, value);
                    }
                },
                Kind.CLIENT);
        context.setCarrier(tags);
        Observation observation = begin("sluice.call", "call ", services.admit(call.service()), context);
        Observation parent = caller.getOrDefault(KEY, null);
        return started(parent == null ? observation : observation.parentObservation(parent));
    }

    /** A call that is served; its parent comes with the tags. */
    @Nullable Observation served(Request request) {
        ReceiverContext<Map<String, String>> context = new ReceiverContext<>(Map::get, Kind.SERVER);
        context.setCarrier(request.tags());
        Observation observation = started(begin("sluice.serve", "serve ", services.look(request.service()), context));
        // They have been read, and a call may be open for long.
        context.setCarrier(Map.of());
        return observation;
    }

    private Observation begin(String name, String verb, String service, Observation.Context context) {
        return Observation.createNotStarted(name, () -> context, registry)
                .contextualName(verb + service)
                .lowCardinalityKeyValue("service", service);
    }

    /** Null when nobody listens: then nothing needs to be carried along. */
    private static @Nullable Observation started(Observation observation) {
        return observation.isNoop() ? null : observation.start();
    }

    static void end(Observation observation, String outcome, @Nullable Throwable failure) {
        observation.lowCardinalityKeyValue("outcome", outcome);
        if (failure != null) {
            observation.error(failure);
        }
        observation.stop();
    }

    static Context with(Context context, @Nullable Observation observation) {
        return observation == null ? context : context.put(KEY, observation);
    }
}
