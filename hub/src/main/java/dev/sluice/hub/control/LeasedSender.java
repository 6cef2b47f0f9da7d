package dev.sluice.hub.control;

import dev.sluice.Frame;
import dev.sluice.channel.SendResult;
import dev.sluice.channel.Sender;
import java.util.function.UnaryOperator;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/** Sends elsewhere, and tells of errors in its own words. */
record LeasedSender(Sender<Frame> there, UnaryOperator<Throwable> words) implements Sender<Frame> {

    @Override
    public Mono<Void> send(Frame element) {
        return there.send(element).onErrorMap(words);
    }

    @Override
    public SendResult trySend(Frame element) {
        return there.trySend(element);
    }

    @Override
    public Mono<Long> sendAll(Publisher<? extends Frame> elements) {
        return there.sendAll(elements).onErrorMap(words);
    }
}
