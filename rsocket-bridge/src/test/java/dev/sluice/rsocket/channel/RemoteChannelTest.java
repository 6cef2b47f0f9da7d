package dev.sluice.rsocket.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.RemoteException;
import dev.sluice.channel.Channel;
import dev.sluice.channel.ChannelOptions;
import dev.sluice.channel.Channels;
import dev.sluice.channel.contract.ChannelContract;
import dev.sluice.channel.contract.Ints;
import dev.sluice.rsocket.ClientOptions;
import dev.sluice.rsocket.ServerOptions;
import dev.sluice.rsocket.SessionOptions;
import dev.sluice.rsocket.SluiceClient;
import dev.sluice.rsocket.SluiceServer;
import io.netty.util.ResourceLeakDetector;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/** Channels on the other side of a socket keep the contract. */
class RemoteChannelTest extends ChannelContract {

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final AtomicInteger NAMES = new AtomicInteger();
    private static final Channels THERE = Channels.inMemory();

    /** Tests leave receivers behind: nobody waits for them. */
    private static final SessionOptions HASTY =
            SessionOptions.builder().closeTimeout(Duration.ofMillis(1)).build();

    private static final SluiceServer SERVER = SluiceServer.create(
                    ServerOptions.builder().tcp("127.0.0.1", 0).session(HASTY).build())
            .channels(THERE);

    private final SluiceClient client = SluiceClient.create(
            ClientOptions.tcp("127.0.0.1", SERVER.port()).session(HASTY).build());
    private final Channels here = RemoteChannels.of(client);

    /** To watch every buffer takes a multiple of the time, and the races here move a million of them. */
    private static final ResourceLeakDetector.Level WATCHED = ResourceLeakDetector.getLevel();

    @BeforeAll
    static void start() {
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.SIMPLE);
        SERVER.start().block(LONG);
    }

    @AfterEach
    void leave() {
        client.close().block(LONG);
    }

    @AfterAll
    static void stop() {
        SERVER.close().block(LONG);
        ResourceLeakDetector.setLevel(WATCHED);
    }

    @Override
    public <T> Flux<T> forBlocking(Flux<T> from) {
        return from.publishOn(Schedulers.boundedElastic(), 1);
    }

    @Override
    public void assertCause(Throwable arrived, Throwable cause) {
        assertThat(arrived).isInstanceOf(RemoteException.class).hasMessage(cause.getMessage());
    }

    @Override
    public Channel<Integer> open(ChannelOptions options) {
        boolean named = !options.name().equals(ChannelOptions.defaults().name());
        String name = named ? options.name() : "channel-" + NAMES.incrementAndGet();
        THERE.delete(name).then(THERE.create(name, options)).block(LONG);
        return Objects.requireNonNull(here.find(name).block(LONG)).as(Ints.CODEC);
    }
}
