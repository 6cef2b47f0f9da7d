package dev.sluice.switching;

import dev.sluice.channel.SendResult;
import dev.sluice.channel.Sender;
import dev.sluice.channel.spi.ExactSender;
import java.util.ArrayList;
import java.util.List;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/** A sender that is elsewhere: it says when the test wants what became of each send. */
class Remote implements Sender<Integer>, ExactSender {
    final List<Pending> pending = new ArrayList<>();
    final List<Integer> accepted = new ArrayList<>();
    final List<Integer> cancelled = new ArrayList<>();
    SendResult trySend = SendResult.FULL;

    /** Whether a cancel withdraws at once. */
    boolean withdraws = true;

    final class Pending implements Subscription {
        final int element;
        private final CoreSubscriber<? super Void> actual;
        private boolean over;

        Pending(int element, CoreSubscriber<? super Void> actual) {
            this.element = element;
            this.actual = actual;
        }

        void accept() {
            if (!over) {
                over = true;
                accepted.add(element);
                actual.onComplete();
            }
        }

        void refuse(Throwable cause) {
            over = true;
            actual.onError(cause);
        }

        void withdraw() {
            if (!over) {
                over = true;
                Operators.onDiscard(element, actual.currentContext());
            }
        }

        @Override
        public void request(long n) {}

        @Override
        public void cancel() {
            cancelled.add(element);
            if (withdraws) {
                withdraw();
            }
        }
    }

    @Override
    public Mono<Void> send(Integer element) {
        return new Mono<>() {
            @Override
            public void subscribe(CoreSubscriber<? super Void> actual) {
                Pending send = new Pending(element, actual);
                pending.add(send);
                actual.onSubscribe(send);
            }
        };
    }

    @Override
    public SendResult trySend(Integer element) {
        if (trySend == SendResult.ACCEPTED) {
            accepted.add(element);
        }
        return trySend;
    }

    @Override
    public Mono<Long> sendAll(Publisher<? extends Integer> elements) {
        return Flux.from(elements).concatMap(this::send).then(Mono.just(0L));
    }

    @Override
    public String toString() {
        return "remote";
    }
}
