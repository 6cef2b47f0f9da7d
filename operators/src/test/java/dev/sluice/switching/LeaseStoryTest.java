package dev.sluice.switching;

import static dev.sluice.switching.Ends.LONG;
import static dev.sluice.switching.Ends.sendNow;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.channel.Channel;
import dev.sluice.channel.SendResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** The updater flashes its packets in one run, and the service it shares the channel with never notices. */
class LeaseStoryTest {

    private static final int PACKETS = 1000;
    private static final int UPDATER = 1 << 30;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Channel<Integer> mesh = Ends.channel("mesh", 16);
    private final ServiceRegistry<Integer> registry = ServiceRegistry.create();
    private final SwitchableSink<Integer> grpc = registry.register("grpc", mesh);
    private final List<Integer> received = new ArrayList<>();

    @AfterEach
    void end() {
        threads.shutdownNow();
    }

    @Test
    void updater_writesThousandPackets_inOneRun_andGrpcNeverNotices() throws Exception {
        CountDownLatch complete = read();
        AtomicBoolean over = new AtomicBoolean();
        Future<Integer> service = threads.submit(() -> {
            int n = 0;
            while (!over.get()) {
                grpc.send(n++).block(LONG);
            }
            return n;
        });
        LeaseOptions<Integer> options =
                LeaseOptions.<Integer>builder().discardOthers().build();
        Awaitility.await().until(() -> !isEmpty(received));

        List<Long> discarded = registry.withExclusive(
                        "mesh",
                        "updater",
                        options,
                        lease -> lease.sender()
                                .sendAll(Flux.range(UPDATER, PACKETS))
                                .then(Mono.fromSupplier(lease::discarded)))
                .collectList()
                .block(LONG);

        int before = grpcReceived();
        Awaitility.await().until(() -> grpcReceived() > before + 10);
        over.set(true);
        int sent = service.get(20, TimeUnit.SECONDS);
        mesh.close();
        assertThat(complete.await(20, TimeUnit.SECONDS)).isTrue();

        int first = received.indexOf(UPDATER);
        assertThat(received.subList(first, first + PACKETS))
                .isEqualTo(Flux.range(UPDATER, PACKETS).collectList().block());
        List<Integer> fromGrpc =
                received.stream().filter(element -> element < UPDATER).toList();
        assertThat(fromGrpc).isSorted().doesNotHaveDuplicates();
        assertThat(received).hasSize(PACKETS + fromGrpc.size());
        assertThat(fromGrpc.size()).isLessThanOrEqualTo(sent);
        assertThat(discarded.get(0)).isNotNegative();
    }

    private CountDownLatch read() {
        CountDownLatch complete = new CountDownLatch(1);
        mesh.receive().doOnComplete(complete::countDown).subscribe(element -> {
            synchronized (received) {
                received.add(element);
            }
        });
        return complete;
    }

    private static boolean isEmpty(List<?> list) {
        synchronized (list) {
            return list.isEmpty();
        }
    }

    private int grpcReceived() {
        synchronized (received) {
            return (int) received.stream().filter(element -> element < UPDATER).count();
        }
    }

    /** Where the holder is when it is killed. */
    enum Step {
        WAITING_FOR_THE_LEASE,
        BEFORE_ITS_FIRST_PACKET,
        BETWEEN_PACKETS,
        WHILE_A_PACKET_WAITS,
        WHILE_A_PUBLISHER_IS_SENT,
        AFTER_ITS_LAST_PACKET
    }

    @ParameterizedTest
    @EnumSource
    void holder_killedAtAnyStep_theOthersAreBackAtOnce(Step step) {
        LeaseOptions<Integer> options =
                LeaseOptions.<Integer>builder().discardOthers().maxWait(LONG).build();
        ExclusiveLease<Integer> earlier = step == Step.WAITING_FOR_THE_LEASE
                ? registry.exclusive("mesh", "earlier", options).block(LONG)
                : null;
        Disposable updater = registry.withExclusive("mesh", "updater", options, lease -> work(step, lease))
                .subscribe();

        updater.dispose();
        if (earlier != null) {
            earlier.close().block(LONG);
        }

        ExclusiveLease<Integer> next =
                registry.exclusive("mesh", "next", LeaseOptions.defaults()).block(LONG);
        List<Integer> left = Ends.drain(mesh);
        next.close().block(LONG);
        sendNow(grpc, 7);
        assertThat(left).allMatch(element -> element >= UPDATER).isSorted();
        assertThat(Ends.drain(mesh)).containsExactly(7);
        assertThat(registry.services().get(0).destination()).isEqualTo("mesh");
    }

    private static Mono<Void> work(Step step, ExclusiveLease<Integer> lease) {
        return switch (step) {
            case WAITING_FOR_THE_LEASE, BEFORE_ITS_FIRST_PACKET -> Mono.never();
            case BETWEEN_PACKETS -> lease.sender().send(UPDATER).then(Mono.never());
            case WHILE_A_PACKET_WAITS ->
                Flux.range(UPDATER, PACKETS).concatMap(lease.sender()::send).then();
            case WHILE_A_PUBLISHER_IS_SENT ->
                lease.sender().sendAll(Flux.range(UPDATER, PACKETS)).then();
            case AFTER_ITS_LAST_PACKET ->
                lease.sender().sendAll(Flux.range(UPDATER, 3)).then(Mono.never());
        };
    }

    /** Cancelled by another thread at any moment of the grant, the work and the end. */
    @Test
    void holder_killedAtRandomMoments_leavesNothingBehind() throws Exception {
        LeaseOptions<Integer> options =
                LeaseOptions.<Integer>builder().discardOthers().build();
        for (int i = 0; i < 2000; i++) {
            int spins = i % 200;
            Channel<Integer> channel = Ends.channel("channel", 2);
            ServiceRegistry<Integer> own = ServiceRegistry.create();
            SwitchableSink<Integer> service = own.register("service", channel);
            Disposable.Swap updater = reactor.core.Disposables.swap();
            Future<?> killer = threads.submit(() -> {
                for (int spin = 0; spin < spins; spin++) {
                    Thread.onSpinWait();
                }
                updater.dispose();
            });
            updater.update(own.withExclusive(
                            channel, "updater", options, lease -> lease.sender().sendAll(Flux.range(0, 5)))
                    .subscribe());
            killer.get(20, TimeUnit.SECONDS);
            updater.dispose();

            Ends.drain(channel);
            assertThat(service.trySend(1)).isEqualTo(SendResult.ACCEPTED);
            assertThat(Ends.drain(channel)).containsExactly(1);
        }
    }

    @Test
    void holder_suspendedPastItsTime_writesNothingStale() throws Exception {
        suspend(2_000);
    }

    @Test
    @Tag("long")
    void holder_suspendedPastItsTime_hundredThousandTimes() throws Exception {
        suspend(100_000);
    }

    /** The holder sends as fast as it can while its time runs out; when it is over, not one element more gets in. */
    private void suspend(int times) throws Exception {
        VirtualTimeScheduler time = VirtualTimeScheduler.create();
        LeaseOptions<Integer> options = LeaseOptions.<Integer>builder()
                .ttl(Duration.ofSeconds(1))
                .clock(time)
                .build();
        Channel<Integer> channel = Ends.channel("channel", 64);
        ServiceRegistry<Integer> own = ServiceRegistry.create();
        long token = 0;
        for (int i = 0; i < times; i++) {
            ExclusiveLease<Integer> lease =
                    own.exclusive(channel, "holder-" + i, options).block(LONG);
            assertThat(lease.token()).isGreaterThan(token);
            token = lease.token();
            CountDownLatch sending = new CountDownLatch(1);
            int number = i;
            Future<Integer> holder = threads.submit(() -> {
                int sent = 0;
                sending.countDown();
                SendResult result = lease.sender().trySend(number);
                while (result != SendResult.CLOSED) {
                    sent += result == SendResult.ACCEPTED ? 1 : 0;
                    result = lease.sender().trySend(number);
                }
                return sent;
            });
            sending.await();
            time.advanceTimeBy(Duration.ofSeconds(1));
            // The lease is over: this is the next one's, and whatever the holder still tries comes too late.
            channel.send(-1).subscribe();

            int sent = holder.get(20, TimeUnit.SECONDS);
            List<Integer> elements = Ends.drain(channel);
            assertThat(elements).hasSize(sent + 1).last().isEqualTo(-1);
        }
    }
}
