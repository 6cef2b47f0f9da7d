package dev.sluice.switching;

import static dev.sluice.switching.Ends.LONG;

import dev.sluice.channel.Channel;
import dev.sluice.channel.Sender;
import org.junit.jupiter.api.Nested;

/** The contract of senders, for everything here that is one, and for a channel to compare with. */
class SenderContractTest {

    @Nested
    class OfAChannel implements SenderContract {
        @Override
        public Sender<Integer> into(Channel<Integer> channel) {
            return channel;
        }
    }

    @Nested
    class OfASwitchableSink implements SenderContract {
        @Override
        public Sender<Integer> into(Channel<Integer> channel) {
            return SwitchableSink.create("sink", channel);
        }
    }

    @Nested
    class OfASwitchableSinkThatWasSwitched implements SenderContract {
        @Override
        public Sender<Integer> into(Channel<Integer> channel) {
            SwitchableSink<Integer> sink = SwitchableSink.create("sink", Ends.channel("first", 1));
            sink.switchTo(channel).block(LONG);
            return sink;
        }
    }

    @Nested
    class OfAChain implements SenderContract {
        @Override
        public Sender<Integer> into(Channel<Integer> channel) {
            return SwitchableSink.create("last", SwitchableSink.create("first", channel));
        }
    }

    @Nested
    class OfASwitchableSinkBeforeAnotherSender implements SenderContract {
        @Override
        public Sender<Integer> into(Channel<Integer> channel) {
            return SwitchableSink.create("sink", new Plain(channel));
        }
    }

    @Nested
    class OfAService implements SenderContract {
        @Override
        public Sender<Integer> into(Channel<Integer> channel) {
            return ServiceRegistry.<Integer>create().register("service", channel);
        }
    }

    @Nested
    class OfALease implements SenderContract {
        @Override
        public Sender<Integer> into(Channel<Integer> channel) {
            return ServiceRegistry.<Integer>create()
                    .exclusive(channel, "holder", LeaseOptions.defaults())
                    .block(LONG)
                    .sender();
        }
    }

    @Nested
    class OfASinkhole implements SenderContract {
        @Override
        public Sender<Integer> into(Channel<Integer> channel) {
            return Sinkhole.create("null");
        }

        @Override
        public boolean isBottomless() {
            return true;
        }
    }

    /** A sender of which nothing is known but its interface. */
    private record Plain(Channel<Integer> channel) implements Sender<Integer> {
        @Override
        public reactor.core.publisher.Mono<Void> send(Integer element) {
            return channel.send(element);
        }

        @Override
        public dev.sluice.channel.SendResult trySend(Integer element) {
            return channel.trySend(element);
        }

        @Override
        public reactor.core.publisher.Mono<Long> sendAll(org.reactivestreams.Publisher<? extends Integer> elements) {
            return channel.sendAll(elements);
        }
    }
}
