package dev.sluice.rsocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.Frame;
import dev.sluice.Source;
import dev.sluice.channel.Channel;
import dev.sluice.channel.Channels;
import dev.sluice.rsocket.channel.RemoteChannels;
import dev.sluice.rsocket.session.Session;
import dev.sluice.rsocket.wire.Code;
import dev.sluice.rsocket.wire.Hello;
import dev.sluice.rsocket.wire.RecordWriter;
import dev.sluice.rsocket.wire.Wire;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.rsocket.Payload;
import io.rsocket.SocketAcceptor;
import io.rsocket.core.RSocketServer;
import io.rsocket.transport.netty.server.CloseableChannel;
import io.rsocket.transport.netty.server.TcpServerTransport;
import io.rsocket.util.DefaultPayload;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

class SluiceClientTest {

    private static final Duration LONG = Duration.ofSeconds(20);

    private final Channels there = Channels.inMemory();
    private final SluiceServer server = SluiceServer.create(
                    ServerOptions.builder().tcp("127.0.0.1", 0).build())
            .channels(there);
    private SluiceClient client =
            SluiceClient.create(ClientOptions.tcp("127.0.0.1", 1).build());

    @BeforeEach
    void start() {
        server.start().block(LONG);
        client = SluiceClient.create(
                ClientOptions.tcp("127.0.0.1", server.port()).build());
    }

    @AfterEach
    void stop() {
        client.close().block(LONG);
        server.close().block(LONG);
    }

    @Test
    void connect_atTheVeryEndOfASession_givesAnother() {
        List<Peer> sessions = new CopyOnWriteArrayList<>();
        client.connect().subscribe(first -> {
            sessions.add(first);
            first.onClose().subscribe(null, null, () -> client.connect().subscribe(sessions::add));
        });
        await().atMost(LONG).until(() -> sessions.size() == 1);

        ((Session) sessions.get(0)).close("the test wants it").subscribe();

        await().atMost(LONG).until(() -> sessions.size() == 2);
        assertThat(sessions.get(1)).isNotSameAs(sessions.get(0));
    }

    @Test
    void registries_ofOneClient_doNotTakeEachOthersOperationsForRepetitions() {
        Channel<Frame> one = RemoteChannels.of(client).channel("orders");
        Channel<Frame> two = RemoteChannels.of(client).channel("orders");

        one.send(Frame.text("tea")).block(LONG);
        two.send(Frame.text("coffee")).block(LONG);

        assertThat(there.channel("orders")
                        .receive()
                        .map(Frame::asText)
                        .take(2)
                        .collectList()
                        .block(LONG))
                .containsExactly("tea", "coffee");
    }

    @Test
    void connect_afterAServerSaidItGoesAwayAndThenNothing_givesAnotherSession() {
        CloseableChannel silent = Objects.requireNonNull(RSocketServer.create(
                        SocketAcceptor.forRequestChannel(payloads -> Flux.from(payloads)
                                .doOnNext(Payload::release)
                                .ignoreElements()
                                .cast(Payload.class)
                                .mergeWith(Flux.just(DefaultPayload.create(greetingAndGoAway())))))
                .bind(TcpServerTransport.create("127.0.0.1", 0))
                .block(LONG));
        SluiceClient left = SluiceClient.create(
                ClientOptions.tcp("127.0.0.1", silent.address().getPort()).build());
        Peer first = Objects.requireNonNull(left.connect().block(LONG));

        first.onClose().block(LONG);

        assertThat(left.connect().block(LONG)).isNotSameAs(first);
        left.close().block(LONG);
        silent.dispose();
    }

    private static ByteBuf greetingAndGoAway() {
        ByteBuf batch = Unpooled.buffer().writeByte(Wire.PLAIN);
        RecordWriter.hello(batch, new Hello(1, 0, 1 << 20, 1 << 20, 1 << 20, 100, 1, Frame.EMPTY, ""));
        RecordWriter.goAway(batch, Code.UNAVAILABLE, "leave me");
        return batch;
    }

    @Test
    void uplink_thatEndsLast_isWholeAlthoughTheServerGoesAway() {
        Sinks.One<List<String>> whole = Sinks.one();
        server.service("probe", request -> Mono.empty());
        server.service("in", request -> {
            request.uplink()
                    .flatMap(RemoteSource::frames)
                    .map(Frame::asText)
                    .collectList()
                    .subscribe(whole::tryEmitValue, whole::tryEmitError);
            return Mono.empty();
        });
        Sinks.Many<Frame> frames = Sinks.many().unicast().onBackpressureBuffer();
        CountDownLatch answered = new CountDownLatch(1);
        client.call(Call.to("in").uplink(Flux.just(Source.of("up", frames.asFlux()))))
                .subscribe(source -> {}, failure -> {}, answered::countDown);
        frames.tryEmitNext(Frame.text("first"));
        await().until(() -> answered.getCount() == 0);

        server.close().subscribe();
        Session session = (Session) client.connect().block(LONG);
        await().until(() -> !takesCalls(session));
        frames.tryEmitNext(Frame.text("last"));
        frames.tryEmitComplete();

        assertThat(whole.asMono().block(LONG)).containsExactly("first", "last");
    }

    private static boolean takesCalls(Peer session) {
        return session.post("probe", Frame.EMPTY)
                .then(Mono.just(true))
                .onErrorReturn(false)
                .blockOptional(LONG)
                .orElseThrow();
    }
}
