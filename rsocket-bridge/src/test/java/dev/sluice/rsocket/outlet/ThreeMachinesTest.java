package dev.sluice.rsocket.outlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.Frame;
import dev.sluice.channel.Channel;
import dev.sluice.channel.Channels;
import dev.sluice.channel.Sender;
import dev.sluice.rsocket.channel.RemoteChannels;
import dev.sluice.switching.SwitchableSink;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import reactor.core.scheduler.Schedulers;

/** Producers on two machines send, a third says where to: each element arrives once, and those of a producer in order. */
class ThreeMachinesTest {

    private static final Duration LONG = Machines.LONG;
    private static final List<String> CHANNELS = List.of("mesh", "store", "test");
    private static final int SWITCHES = 150;

    private final Account account = new Account();
    private final AtomicBoolean stop = new AtomicBoolean();
    private final Random random = new Random(7);
    private final Map<String, CompletableFuture<Long>> producers = new HashMap<>();

    /** Sends one after the other until it is told to stop. */
    private void sendsOneByOne(String producer, Sender<Frame> to) {
        producers.put(
                producer,
                Account.elements(producer, stop::get)
                        .concatMap(element -> to.send(element).thenReturn(1).publishOn(Schedulers.boundedElastic()))
                        .count()
                        .toFuture());
    }

    private void sendsAll(String producer, Sender<Frame> to) {
        producers.put(
                producer, to.sendAll(Account.elements(producer, stop::get)).toFuture());
    }

    /** Something has come through since. */
    private void awaitMore(int before) {
        await().atMost(LONG)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> account.arrived() > before);
    }

    /** All that the producers say was accepted has arrived, once and in order. */
    private void verify(int switches) {
        stop.set(true);
        Map<String, Long> sent = new HashMap<>();
        producers.forEach((name, done) ->
                sent.put(name, done.orTimeout(30, TimeUnit.SECONDS).join()));
        long all = sent.values().stream().mapToLong(Long::longValue).sum();
        await().atMost(LONG).until(() -> account.arrived() >= all);

        sent.forEach((name, count) -> account.verify(name, count, switches));
        assertThat((long) account.arrived()).isEqualTo(all);
        assertThat(sent.values()).allMatch(count -> count > 0);
    }

    @Test
    void aim_whileProducersSend_losesAndDoublesNothingAndKeepsTheirOrder() {
        try (Machines machines = Machines.open()) {
            for (String name : CHANNELS) {
                machines.channel(name, 8);
                account.follow(name, machines.channels.channel(name));
            }
            RemoteOutlets first = machines.machine();
            RemoteOutlets second = machines.machine();
            sendsOneByOne("a", first.open("camera", "mesh").block(LONG));
            sendsAll("b", first.outlet("camera"));
            sendsOneByOne("c", second.open("probe", "mesh").block(LONG));
            sendsAll("d", second.open("camera", "mesh").block(LONG));

            RemoteOutlets admin = machines.machine();
            Map<String, String> leads = new HashMap<>(Map.of("camera", "mesh", "probe", "mesh"));
            for (int turn = 0; turn < SWITCHES; turn++) {
                int before = account.arrived();
                String outlet = random.nextInt(3) == 0 ? "probe" : "camera";
                String to = CHANNELS.get(random.nextInt(CHANNELS.size()));
                assertThat(admin.aim(outlet, to).block(LONG))
                        .isEqualTo(new OutletSwitch(outlet, leads.put(outlet, to), to));
                awaitMore(before);
            }
            verify(SWITCHES);
        }
    }

    @Test
    void aim_whileConnectionsBreak_losesAndDoublesNothingOfWhoComesBack() throws IOException {
        try (Machines machines = Machines.open();
                Relay relay = new Relay(machines.server.port())) {
            for (String name : CHANNELS) {
                machines.channel(name, 8);
                account.follow(name, machines.channels.channel(name));
            }
            RemoteOutlets weak = RemoteOutlets.of(machines.client(relay.port()));
            sendsOneByOne("a", weak.open("camera", "mesh").block(LONG));
            sendsOneByOne("b", weak.outlet("camera"));

            RemoteOutlets admin = machines.machine();
            for (int turn = 0; turn < 30; turn++) {
                awaitMore(account.arrived());
                relay.breakAll();
                admin.aim("camera", CHANNELS.get(random.nextInt(CHANNELS.size())))
                        .block(LONG);
            }
            verify(30);
            assertThat(relay.accepted()).isGreaterThan(5);
        }
    }

    @Test
    void switchableSink_betweenNearAndRemote_losesAndDoublesNothing() {
        try (Machines machines = Machines.open()) {
            machines.channel("far", 8);
            Channels there = RemoteChannels.of(machines.client());
            Channel<Frame> near = Channel.create(8);
            Channel<Frame> far = there.channel("far");
            account.follow("near", near);
            account.follow("far", machines.channels.channel("far"));

            SwitchableSink<Frame> sink = SwitchableSink.create("camera", near);
            sendsOneByOne("a", sink);
            sendsAll("b", sink);
            for (int turn = 0; turn < 40; turn++) {
                int before = account.arrived();
                sink.switchTo(turn % 2 == 0 ? far : near).block(LONG);
                awaitMore(before);
            }
            verify(40);
        }
    }
}
