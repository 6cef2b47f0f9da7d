package dev.sluice.rsocket.plain;

import static dev.sluice.rsocket.plain.Rider.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.Frame;
import dev.sluice.Source;
import dev.sluice.channel.Channel;
import dev.sluice.channel.Channels;
import dev.sluice.rsocket.ServerOptions;
import dev.sluice.rsocket.SluiceServer;
import dev.sluice.rsocket.transport.NettyConnection;
import dev.sluice.rsocket.transport.NoLeaks;
import io.rsocket.Payload;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** What clients ask for, and what producers are asked for. */
@ExtendWith(NoLeaks.class)
class PlainDemandTest {

    private static final int FRAME = 64_000;

    private final Channels channels = Channels.inMemory();
    private final SluiceServer server = SluiceServer.create(ServerOptions.builder()
                    .tcp("127.0.0.1", 0)
                    .webSocket("127.0.0.1", 0)
                    .build())
            .channels(channels);
    private final List<Rider> riders = new ArrayList<>();
    private final AtomicInteger produced = new AtomicInteger();

    @BeforeEach
    void start() {
        server.start().block(LONG);
    }

    @AfterEach
    void stop() {
        riders.forEach(Rider::close);
        server.close().block(LONG);
    }

    private Rider add(Rider rider) {
        riders.add(rider);
        return rider;
    }

    private void offer(int frames, int bytes) {
        server.service(
                "flood",
                request -> Mono.just(Source.of("f", Flux.range(0, frames).map(i -> {
                    produced.incrementAndGet();
                    return Frame.of(new byte[bytes]);
                }))));
    }

    /** Work of another connection, while which a producer that would go on has gone on. */
    private void pass(int requests) {
        Rider other = add(Rider.of(server, false));
        Channel<Frame> channel = channels.channel("other");
        channel.receive().subscribe();
        Flux.range(0, requests)
                .concatMap(i -> other.ask("channel.other", "x"))
                .then()
                .block(LONG);
    }

    @Test
    void requestMax_byAReaderThatStops_isBoundedAndGoesOnLater() {
        int frames = 1_500;
        offer(frames, FRAME);
        List<NettyConnection> connection = new CopyOnWriteArrayList<>();
        Rider rider = add(Rider.stoppable(server, connection));
        AtomicLong received = new AtomicLong();

        rider.stream("service.flood").subscribe(payload -> {
            payload.release();
            if (received.incrementAndGet() == 5) {
                connection.get(0).reading(false);
            }
        });
        await().until(() -> received.get() == 5);
        pass(300);

        // The buffers of both sockets, and half a mebibyte.
        assertThat((long) produced.get() * FRAME).isLessThan(24L << 20);
        connection.get(0).reading(true);
        await().atMost(LONG).until(() -> received.get() == frames);
        assertThat(produced).hasValue(frames);
    }

    @Test
    void requestMax_ofAChannelByAReaderThatStops_leavesTheRestToOthers() {
        Channel<Frame> news = channels.channel("news");
        List<NettyConnection> connection = new CopyOnWriteArrayList<>();
        Rider rider = add(Rider.stoppable(server, connection));
        AtomicLong received = new AtomicLong();
        int frames = 1_500;
        rider.stream("channel.news").subscribe(payload -> {
            payload.release();
            if (received.incrementAndGet() == 5) {
                connection.get(0).reading(false);
            }
        });
        AtomicLong others = new AtomicLong();
        await().until(() -> Objects.requireNonNull(news.stats().block(LONG)).receivers() == 1);
        news.sendAll(Flux.range(0, frames).map(i -> Frame.of(new byte[FRAME]))).subscribe();
        await().until(() -> received.get() == 5);
        pass(300);
        news.receive().subscribe(frame -> others.incrementAndGet());

        await().atMost(LONG).until(() -> others.get() > frames - (24 << 20) / FRAME);
        connection.get(0).reading(true);
        await().atMost(LONG).until(() -> others.get() + received.get() == frames);
    }

    @Test
    void request_ofAFew_takesNoMoreOutOfAChannel() {
        Channel<Frame> orders = channels.channel("orders");
        Flux.range(0, 10).concatMap(i -> orders.send(Frame.text("" + i))).then().block(LONG);
        Rider rider = add(Rider.of(server, false));

        StepVerifier.create(rider.texts("channel.orders"), 3)
                .expectNext("0", "1", "2")
                .then(() -> {
                    var stats = Objects.requireNonNull(orders.stats().block(LONG));
                    assertThat(stats.delivered()).isEqualTo(3);
                    assertThat(stats.buffered()).isEqualTo(7);
                })
                .thenRequest(1)
                .expectNext("3")
                .thenCancel()
                .verify(LONG);
    }

    @Test
    void connection_lost_givesBackWhatWasTakenAndNotHandedOver() {
        Channel<Frame> news = channels.channel("news");
        List<NettyConnection> connection = new CopyOnWriteArrayList<>();
        Rider rider = add(Rider.stoppable(server, connection));
        int frames = 1_000;
        rider.stream("channel.news").subscribe(Payload::release, lost -> {});
        await().until(() -> Objects.requireNonNull(news.stats().block(LONG)).receivers() == 1);
        connection.get(0).reading(false);
        news.sendAll(Flux.range(0, frames).map(i -> {
                    produced.incrementAndGet();
                    byte[] bytes = new byte[FRAME];
                    bytes[0] = (byte) (i.intValue() >> 8);
                    bytes[1] = i.byteValue();
                    return Frame.wrap(bytes);
                }))
                .subscribe();
        pass(300);

        connection.get(0).dispose();
        await().until(() -> Objects.requireNonNull(news.stats().block(LONG)).receivers() == 0);
        var stats = Objects.requireNonNull(news.stats().block(LONG));
        assertThat(stats.groups().get(0).unacked()).isZero();
        List<Integer> rest = Objects.requireNonNull(news.receive()
                .take(frames - (24 << 20) / FRAME)
                .map(frame -> (frame.byteAt(0) & 255) << 8 | (frame.byteAt(1) & 255))
                .collectList()
                .block(LONG));

        // One after the other: nothing is missing between what was handed over and the end.
        assertThat(rest).isSorted().doesNotHaveDuplicates();
        assertThat(rest.get(rest.size() - 1) - rest.get(0)).isEqualTo(rest.size() - 1);
        assertThat(rest.get(0)).isLessThan((24 << 20) / FRAME);
    }
}
