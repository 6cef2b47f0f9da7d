package dev.sluice.hub.control;

import dev.sluice.ConnectionLostException;
import dev.sluice.RemoteException;
import dev.sluice.Source;
import dev.sluice.rsocket.Call;
import dev.sluice.rsocket.RemoteSource;
import dev.sluice.rsocket.Request;
import dev.sluice.rsocket.Service;
import dev.sluice.rsocket.SluiceClient;
import dev.sluice.rsocket.session.Failures;
import dev.sluice.rsocket.wire.Code;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** The services that one client offers through a hub. Thread safe. */
final class RemoteOffers {

    private static final Duration RETRY_FIRST = Duration.ofMillis(100);
    private static final Duration RETRY_LAST = Duration.ofSeconds(2);

    private final SluiceClient client;

    /** By name; stay when the offer is over, for calls that cross its end. */
    private final Map<String, Gate> gates = new ConcurrentHashMap<>();

    RemoteOffers(SluiceClient client) {
        this.client = client;
    }

    Flux<OfferState> offer(String name, Service answer) {
        Objects.requireNonNull(name, "service");
        Objects.requireNonNull(answer, "answer");
        return Flux.defer(() -> {
            Gate gate = gate(name);
            if (!gate.answer.compareAndSet(null, answer)) {
                throw new IllegalArgumentException(
                        "this client offers a service \"" + name + "\" already: cancel that offer first");
            }
            return again(name).doFinally(end -> gate.answer.set(null));
        });
    }

    private Gate gate(String name) {
        Gate made = new Gate(name);
        Gate there = gates.putIfAbsent(name, made);
        if (there != null) {
            return there;
        }
        try {
            client.service(name, made);
        } catch (RuntimeException refused) {
            gates.remove(name, made);
            throw refused;
        }
        return made;
    }

    private Flux<OfferState> again(String name) {
        return Flux.defer(() -> once(name))
                .retryWhen(Retry.backoff(Long.MAX_VALUE, RETRY_FIRST)
                        .maxBackoff(RETRY_LAST)
                        .transientErrors(true)
                        .filter(RemoteOffers::comesBack));
    }

    private Flux<OfferState> once(String name) {
        boolean[] stood = new boolean[1];
        return client.call(Call.to(Controls.OFFER).tag(Controls.SERVICE, name).firstItems(1))
                .next()
                .doOnDiscard(Source.class, Source::discard)
                .flatMapMany(RemoteSource::frames)
                .map(frame -> {
                    stood[0] = true;
                    return OfferState.STANDS;
                })
                .concatWith(Mono.error(
                        () -> new ConnectionLostException("the hub has ended the offer of \"" + name + "\"", null)))
                .onErrorResume(failure -> stood[0] && comesBack(failure)
                        ? Flux.concat(Mono.just(OfferState.LOST), Flux.error(failure))
                        : Flux.error(failure));
    }

    /** Whether it failed for the reason that the hub went away, which may come back. */
    private static boolean comesBack(Throwable failure) {
        return failure instanceof ConnectionLostException
                || (failure instanceof RemoteException && Failures.code(failure) == Code.UNAVAILABLE);
    }

    /** Answers while the service is offered; a call that comes when it is not any more goes to another client. */
    private static final class Gate implements Service {
        private final String name;
        private final AtomicReference<@Nullable Service> answer = new AtomicReference<>();

        Gate(String name) {
            this.name = name;
        }

        @Override
        public Publisher<? extends Source> answer(Request request) {
            Service offered = answer.get();
            return offered == null
                    ? Flux.error(Failures.of(
                            Code.UNAVAILABLE, "this client no longer offers \"" + name + "\": call another one"))
                    : offered.answer(request);
        }
    }
}
