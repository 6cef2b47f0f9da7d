package dev.sluice.rsocket.metrics;

import dev.sluice.Source;
import dev.sluice.rsocket.Request;
import io.micrometer.observation.Observation;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;

/** The answer to a call this side serves. Subscribed once. */
final class ServedAnswer extends Flux<Source> {

    private final Flux<? extends Source> answer;
    private final OpenCall call;

    private ServedAnswer(Flux<? extends Source> answer, OpenCall call) {
        this.answer = answer;
        this.call = call;
    }

    static Flux<Source> of(
            Request request,
            Supplier<? extends Publisher<? extends Source>> answer,
            CallMeters meters,
            @Nullable Observing observing) {
        Observation observation = observing == null ? null : observing.served(request);
        // Holds the name, not the request: a call may be open for long.
        String service = request.service();
        OpenCall call = new OpenCall(observation, (outcome, nanos) -> meters.served(service, outcome, nanos));
        try {
            if (observation == null) {
                return new ServedAnswer(Flux.from(answer.get()), call);
            }
            // What the service does before it returns belongs to the call too.
            Flux<? extends Source> sources = Flux.from(observation.scopedChecked(answer::get));
            return new ServedAnswer(sources.map(source -> ObservedSource.of(source, observation)), call);
        } catch (Throwable refused) {
            call.failed(refused);
            throw refused;
        }
    }

    @Override
    public void subscribe(CoreSubscriber<? super Source> actual) {
        answer.subscribe(new WatchedAnswer<>(actual, call));
    }
}
