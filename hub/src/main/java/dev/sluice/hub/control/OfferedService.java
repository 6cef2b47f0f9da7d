package dev.sluice.hub.control;

import dev.sluice.ConnectionLostException;
import dev.sluice.Frame;
import dev.sluice.Source;
import dev.sluice.rsocket.Call;
import dev.sluice.rsocket.Nest;
import dev.sluice.rsocket.Peer;
import dev.sluice.rsocket.RemoteSource;
import dev.sluice.rsocket.Request;
import dev.sluice.rsocket.Service;
import dev.sluice.rsocket.session.Failures;
import dev.sluice.rsocket.wire.Code;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

/**
 * A service that clients offer: passes each call on to the next of them in turn, and what it answers back, with the demand of the caller all the way.
 * A client that refuses a call because it is about to leave is passed over; a call that may have reached one that is lost then is not repeated.
 *
 * <p>Offers are added and removed one at a time, by {@link ServedOffers}; calls come on any thread meanwhile.
 */
final class OfferedService implements Service {

    private final String name;
    private final AtomicInteger turn = new AtomicInteger();
    private volatile List<Offer> offers = List.of();

    OfferedService(String name) {
        this.name = name;
    }

    /** One client's; the same client may offer twice. */
    static final class Offer {
        private final Peer peer;

        Offer(Peer peer) {
            this.peer = peer;
        }

        private boolean isGone() {
            return peer.isClosed();
        }
    }

    void add(Offer offer) {
        List<Offer> more = new ArrayList<>(offers);
        more.add(offer);
        offers = List.copyOf(more);
    }

    /** False when it was not there. */
    boolean remove(Offer offer) {
        List<Offer> fewer = new ArrayList<>(offers);
        boolean was = fewer.remove(offer);
        offers = List.copyOf(fewer);
        return was;
    }

    boolean isEmpty() {
        return offers.isEmpty();
    }

    @Override
    public Publisher<Source> answer(Request request) {
        return Flux.defer(() -> new Passing(request, inTurn()).next());
    }

    /** Those that are there, beginning with whose turn it is. */
    private Queue<Offer> inTurn() {
        List<Offer> now = offers;
        int first = now.isEmpty() ? 0 : Math.floorMod(turn.getAndIncrement(), now.size());
        Queue<Offer> inTurn = new ArrayDeque<>();
        for (int i = 0; i < now.size(); i++) {
            Offer offer = now.get((first + i) % now.size());
            if (!offer.isGone()) {
                inTurn.add(offer);
            }
        }
        return inTurn;
    }

    /** One call on its way. Its steps come one after the other. */
    private final class Passing {
        private final Call call;
        private final Queue<Offer> left;

        /** Something of it was used up, so that no other client can be asked the same. */
        private volatile boolean begun;

        Passing(Request request, Queue<Offer> left) {
            this.left = left;
            this.call = Call.to(name)
                    .body(request.body())
                    .tags(request.tags())
                    .uplink(request.uplink().map(OfferedService::asIs).doOnSubscribe(subscription -> begun = true));
        }

        Flux<Source> next() {
            Offer offer = left.poll();
            while (offer != null && offer.isGone()) {
                offer = left.poll();
            }
            if (offer == null) {
                return Flux.error(Failures.of(
                        Code.NO_SERVICE, "no service \"" + name + "\" here: the last client that offered it has left"));
            }
            return offer.peer
                    .call(call)
                    .map(source -> {
                        begun = true;
                        return answered(source);
                    })
                    .onErrorResume(failure -> mayGoElsewhere(failure) ? next() : Flux.error(told(failure)));
        }

        private boolean mayGoElsewhere(Throwable failure) {
            return !begun
                    && !left.isEmpty()
                    && !(failure instanceof ConnectionLostException)
                    && Failures.code(failure) == Code.UNAVAILABLE;
        }
    }

    /** A source of the caller's, for the client. */
    private static Source asIs(RemoteSource source) {
        return source.isNest() ? Nest.of(source.header(), source.sources().map(OfferedService::asIs)) : source;
    }

    /** A source of the client's, for the caller. */
    private Source answered(RemoteSource source) {
        return source.isNest()
                ? Nest.of(source.header(), source.sources().map(this::answered).onErrorMap(this::told))
                : new Answered(source);
    }

    /** To the caller the loss of a client's connection is no loss of its own. */
    private Throwable told(Throwable failure) {
        return failure instanceof ConnectionLostException
                ? Failures.of(
                        Code.FAILED,
                        "the client that offers \"" + name
                                + "\" was lost before its answer ended: call again if it does"
                                + " no harm when it has done part of this already")
                : failure;
    }

    private final class Answered implements Source {
        private final RemoteSource source;

        Answered(RemoteSource source) {
            this.source = source;
        }

        @Override
        public Frame header() {
            return source.header();
        }

        @Override
        public Flux<Frame> frames() {
            return source.frames().onErrorMap(OfferedService.this::told);
        }

        @Override
        public void discard() {
            source.discard();
        }

        @Override
        public String toString() {
            return source.toString();
        }
    }
}
