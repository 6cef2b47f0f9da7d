package dev.sluice.rsocket.metrics;

import dev.sluice.rsocket.Call;
import dev.sluice.rsocket.RemoteSource;
import io.micrometer.observation.Observation;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;

/** The answer to a call this side makes: each subscription is a call of its own. */
final class MadeCall extends Flux<RemoteSource> {

    private final Call call;
    private final Function<Call, Flux<RemoteSource>> make;
    private final CallMeters meters;
    private final @Nullable Observing observing;

    MadeCall(Call call, Function<Call, Flux<RemoteSource>> make, CallMeters meters, @Nullable Observing observing) {
        this.call = call;
        this.make = make;
        this.meters = meters;
        this.observing = observing;
    }

    @Override
    public void subscribe(CoreSubscriber<? super RemoteSource> actual) {
        CallTags tags = new CallTags(call.tags());
        Observation observation = observing == null ? null : observing.made(call, tags, actual.currentContext());
        OpenCall open = new OpenCall(observation, (outcome, nanos) -> meters.made(call.service(), outcome, nanos));
        try {
            make.apply(tags.on(call)).subscribe(new WatchedAnswer<>(actual, open));
        } catch (Throwable refused) {
            open.failed(refused);
            throw refused;
        }
    }
}
