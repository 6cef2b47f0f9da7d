package dev.sluice.rsocket.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.RemoteException;
import dev.sluice.channel.Channel;
import dev.sluice.channel.ChannelOptions;
import dev.sluice.channel.contract.Fixture;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/** The contract's channels are on the other side of a socket. */
interface OverSockets extends Fixture {

    Sockets sockets();

    @Override
    default Channel<Integer> open(ChannelOptions options) {
        return sockets().open(options);
    }

    @Override
    default <T> Flux<T> forBlocking(Flux<T> from) {
        return from.publishOn(Schedulers.boundedElastic(), 1);
    }

    @Override
    default void assertCause(Throwable arrived, Throwable cause) {
        assertThat(arrived).isInstanceOf(RemoteException.class).hasMessage(cause.getMessage());
    }

    /** Each is a round trip, and a stack of half a megabyte, or eight, is used up all the same. */
    @Override
    default int tooDeep() {
        return 20_000;
    }
}
