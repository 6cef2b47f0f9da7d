package dev.sluice.samples;

import dev.sluice.channel.Channel;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;

/**
 * Three stages joined by two small channels: numbers, their squares, and a reader that takes a few at a time. The reader
 * alone sets the pace: the first stage is asked for no more than the channels have room for.
 */
final class Pipeline {

    private static final int CAPACITY = 4;
    private static final int NUMBERS = 1_000;

    private Pipeline() {}

    static void run(PrintWriter out) {
        AtomicInteger produced = new AtomicInteger();
        Channel<Integer> numbers = Channel.create(CAPACITY);
        Channel<Integer> squares = Channel.create(CAPACITY);

        // Each stage closes its channel when it has sent everything, so the end travels down the line as the elements
        // do.
        numbers.sendAll(Flux.range(1, NUMBERS).doOnNext(produced::set))
                .doFinally(end -> numbers.close())
                .subscribe();
        squares.sendAll(numbers.receive().map(number -> number * number))
                .doFinally(end -> squares.close())
                .subscribe();
        Reader reader = new Reader();
        squares.receive().subscribe(reader);

        out.printf("the reader has taken %d of %d, the first stage made %d%n", 0, NUMBERS, produced.get());
        for (int step = 0; step < 3; step++) {
            reader.take(3);
            out.printf("the reader takes 3: %s, the first stage made %d%n", reader.last(3), produced.get());
        }
        reader.take(NUMBERS);
        out.printf(
                "the reader takes the rest: %d in all, the last is %d, ended: %s%n",
                reader.taken.size(), reader.last(1).get(0), reader.ended);
    }

    /** Asks for as many elements as it is told to. */
    private static final class Reader extends BaseSubscriber<Integer> {

        private final List<Integer> taken = new ArrayList<>();
        private boolean ended;

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            // Asks for nothing yet.
        }

        @Override
        protected void hookOnNext(Integer square) {
            taken.add(square);
        }

        @Override
        protected void hookOnComplete() {
            ended = true;
        }

        void take(int count) {
            request(count);
        }

        List<Integer> last(int count) {
            return taken.subList(taken.size() - count, taken.size());
        }
    }
}
