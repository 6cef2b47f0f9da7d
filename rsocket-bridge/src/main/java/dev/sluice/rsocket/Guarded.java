package dev.sluice.rsocket;

import dev.sluice.AccessDeniedException;
import dev.sluice.Frame;
import dev.sluice.rsocket.security.Access;
import dev.sluice.rsocket.security.SelfGuarded;
import dev.sluice.rsocket.security.Verb;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/** Services as one caller may call them. */
final class Guarded implements Function<String, @Nullable Service> {

    private final Map<String, Service> services;
    private final Access access;

    Guarded(Map<String, Service> services, Access access) {
        this.services = services;
        this.access = access;
    }

    /** What is refused is refused whether or not it is there. */
    @Override
    public @Nullable Service apply(String name) {
        Service found = services.get(name);
        if (!(found instanceof SelfGuarded)) {
            try {
                access.check(Verb.CALL, name);
            } catch (AccessDeniedException denied) {
                return request -> Flux.error(denied);
            }
        }
        return found == null ? null : request -> found.answer(new Known(request, access));
    }

    /** A request whose caller is known. */
    private record Known(Request request, Access access) implements Request {

        @Override
        public String service() {
            return request.service();
        }

        @Override
        public Frame body() {
            return request.body();
        }

        @Override
        public Map<String, String> tags() {
            return request.tags();
        }

        @Override
        public Flux<RemoteSource> uplink() {
            return request.uplink();
        }

        @Override
        public Peer peer() {
            return request.peer();
        }
    }
}
