package dev.sluice.hub.control;

import dev.sluice.Frame;
import dev.sluice.Source;
import dev.sluice.channel.ChannelName;
import dev.sluice.rsocket.Request;
import dev.sluice.rsocket.SluiceServer;
import dev.sluice.rsocket.security.SelfGuarded;
import dev.sluice.rsocket.security.Verb;
import dev.sluice.rsocket.session.Failures;
import dev.sluice.rsocket.wire.Code;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Services that clients offer through the hub. An offer stands as long as its client reads the answer that told so: who cancels, or loses the
 * connection, has taken it back. While there is one of a name, the hub has a service of that name. It takes {@code ADMIN} of the name. Thread safe.
 */
final class ServedOffers implements SelfGuarded {

    private static final int MOST_OFFERS = 10_000;
    private static final int LONGEST_NAME = 255;
    private static final List<String> RESERVED_PREFIXES = List.of("hub.", "channel.", "outlet.");
    private static final Set<String> RESERVED = Set.of(Controls.ECHO, "session");

    private static final Frame STANDS = Frame.text("offered");

    private final SluiceServer server;
    private final Map<String, OfferedService> offered = new ConcurrentHashMap<>();
    private final AtomicInteger count = new AtomicInteger();

    ServedOffers(SluiceServer server) {
        this.server = server;
    }

    /** The answer to who offers: one source, whose one frame tells that the offer stands, and which does not end by itself. */
    @Override
    public Publisher<Source> answer(Request request) {
        String name = Controls.text(request, Controls.SERVICE);
        request.access().check(Verb.ADMIN, name);
        requireFree(name);
        OfferedService.Offer offer = new OfferedService.Offer(request.peer());
        // Begins when the answer is read, and not before: an answer that gets lost leaves nothing behind.
        Flux<Frame> standing = Flux.defer(() -> {
                    begin(name, offer);
                    return Flux.concat(Mono.just(STANDS), Flux.never());
                })
                .doOnCancel(() -> end(name, offer));
        return Mono.just(Source.of(Frame.EMPTY, standing));
    }

    private static void requireFree(String name) {
        ChannelName.require(name);
        int bytes = name.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > LONGEST_NAME) {
            throw Controls.bad("the name of a service may have " + LONGEST_NAME + " bytes, has " + bytes);
        }
        if (RESERVED.contains(name) || RESERVED_PREFIXES.stream().anyMatch(name::startsWith)) {
            throw Controls.bad("\"" + name + "\" is a name of the hub's own, as are all that begin with "
                    + String.join(", ", RESERVED_PREFIXES) + ": offer the service under another one");
        }
    }

    private void begin(String name, OfferedService.Offer offer) {
        if (count.incrementAndGet() > MOST_OFFERS) {
            count.decrementAndGet();
            throw Failures.of(
                    Code.LIMIT,
                    "clients offer " + MOST_OFFERS + " services already: take some of the offers back first");
        }
        try {
            offered.compute(name, (key, there) -> {
                OfferedService service = there == null ? first(name) : there;
                service.add(offer);
                return service;
            });
        } catch (RuntimeException taken) {
            count.decrementAndGet();
            throw taken;
        }
    }

    private OfferedService first(String name) {
        OfferedService made = new OfferedService(name);
        try {
            server.service(name, made);
        } catch (IllegalArgumentException taken) {
            throw Controls.bad("the hub has a service \"" + name + "\" of its own: offer this one under another name");
        }
        return made;
    }

    private void end(String name, OfferedService.Offer offer) {
        offered.computeIfPresent(name, (key, there) -> {
            if (!there.remove(offer)) {
                return there;
            }
            count.decrementAndGet();
            if (!there.isEmpty()) {
                return there;
            }
            server.withdraw(name);
            return null;
        });
    }
}
