package dev.sluice.rsocket.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.Frame;
import dev.sluice.Source;
import dev.sluice.rsocket.Call;
import dev.sluice.rsocket.Nest;
import dev.sluice.rsocket.RemoteSource;
import dev.sluice.rsocket.Service;
import dev.sluice.rsocket.wire.RecordWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.subscriber.TestSubscriber;

/** A producer is asked for exactly what its consumer asks for, however many sessions lie between them. */
class DemandTest {

    private static final Duration LONG = Duration.ofSeconds(20);

    private final AtomicLong asked = new AtomicLong();
    private final AtomicLong askedForSources = new AtomicLong();

    private Flux<Frame> frames() {
        return Flux.range(0, 100_000).map(i -> Frame.text("" + i)).doOnRequest(asked::addAndGet);
    }

    private Flux<Source> sources() {
        return Flux.range(0, 100_000)
                .map(i -> Source.of("" + i, frames()))
                .doOnRequest(askedForSources::addAndGet)
                .cast(Source.class);
    }

    private static RemoteSource only(Session session) {
        return Objects.requireNonNull(session.post("s", Frame.EMPTY).blockFirst(LONG));
    }

    private static <T> TestSubscriber<T> asking(long items) {
        return TestSubscriber.builder().initialRequest(items).build();
    }

    private static void awaitItems(TestSubscriber<?> subscriber, int count) {
        await().untilAsserted(() -> assertThat(subscriber.getReceivedOnNext()).hasSize(count));
    }

    /** Sessions in a row, each hop a relay of what the next one has; the last is served by the service. */
    private static final class Row implements AutoCloseable {
        private final List<Pair> hops = new ArrayList<>();

        Row(int length, Service last) {
            for (int i = 0; i < length; i++) {
                hops.add(new Pair());
            }
            for (int i = 0; i < length - 1; i++) {
                Session next = hops.get(i + 1).client;
                hops.get(i).serving("s", request -> next.post("s", request.body()));
            }
            hops.get(length - 1).serving("s", last);
        }

        Session first() {
            return hops.get(0).client;
        }

        /** Whatever is on its way has arrived when every loop has been round a few times. */
        void settle() {
            for (int round = 0; round < 20; round++) {
                for (Pair hop : hops) {
                    hop.clientLink.onLoop(() -> {});
                    hop.serverLink.onLoop(() -> {});
                }
            }
        }

        @Override
        public void close() {
            hops.forEach(Pair::close);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void frames_areAskedForExactly_whateverLiesBetween(int sessions) {
        try (Row row = new Row(sessions, request -> Mono.just(Source.of("s", frames())))) {
            TestSubscriber<Frame> five = asking(5);
            only(row.first()).frames().subscribe(five);

            awaitItems(five, 5);
            row.settle();
            assertThat(asked).hasValue(5);

            for (int i = 6; i < 26; i++) {
                five.request(1);
                awaitItems(five, i);
                row.settle();
                assertThat(asked).hasValue(i);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void sources_areAskedForExactly_whateverLiesBetween(int sessions) {
        try (Row row = new Row(sessions, request -> sources())) {
            assertThat(row.first().post("s", Frame.EMPTY).take(3).collectList().block(LONG))
                    .hasSize(3);

            row.settle();
            assertThat(askedForSources).hasValue(3);
            assertThat(asked).hasValue(0);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void sourcesOfNests_areAskedForExactly_whateverLiesBetween(int sessions) {
        Service nest = request -> Mono.just(Nest.of(Frame.text("n"), sources()));
        try (Pair end = new Pair().serving("s", nest);
                Pair middle = new Pair()
                        .serving(
                                "s",
                                request -> end.client
                                        .post("s", Frame.EMPTY)
                                        .map(source -> Nest.of(source.header(), source.sources())))) {
            RemoteSource source = only(sessions == 1 ? end.client : middle.client);
            TestSubscriber<RemoteSource> two = asking(2);
            source.sources().subscribe(two);

            awaitItems(two, 2);
            two.request(1);
            awaitItems(two, 3);
            assertThat(askedForSources).hasValue(3);
        }
    }

    @Test
    void frames_ofAnIdleProducer_areAskedForAtOnce() {
        AtomicLong idle = new AtomicLong();
        try (Row row = new Row(
                1, request -> Mono.just(Source.of("s", Flux.<Frame>never().doOnRequest(idle::addAndGet))))) {
            TestSubscriber<Frame> five = asking(5);
            only(row.first()).frames().subscribe(five);

            await().untilAsserted(() -> assertThat(idle).hasValue(5));
            five.request(2);
            await().untilAsserted(() -> assertThat(idle).hasValue(7));
        }
    }

    @Test
    void boundedDemand_beyondTheWindow_isServedInWindowsAndExactly() {
        try (Row row = new Row(1, request -> Mono.just(Source.of("s", frames())))) {
            TestSubscriber<Frame> thousand = asking(1_000);
            only(row.first()).frames().subscribe(thousand);

            awaitItems(thousand, 1_000);
            row.settle();
            assertThat(asked).hasValue(1_000);
        }
    }

    @Test
    void unboundedDemand_isServedInWindows_refilledAtHalf() {
        AtomicLong ahead = new AtomicLong();
        try (HostilePeer peer = HostilePeer.greeting()) {
            peer.session
                    .call(Call.to("s"))
                    .subscribe(source -> source.frames().subscribe(frame -> ahead.incrementAndGet()));
            peer.onLoop(() -> {});
            assertThat(peer.heard).contains("grant(2, 256, 0)");
            peer.send(out -> RecordWriter.open(out, 1, 2, false, Frame.EMPTY));
            assertThat(peer.heard).contains("grant(1, 256, 0)");

            for (int i = 1; i <= 128; i++) {
                assertThat(peer.heard).doesNotContain("grant(1, 128, 0)");
                peer.send(out -> RecordWriter.data(out, 1, Frame.EMPTY));
            }

            assertThat(peer.heard).contains("grant(1, 128, 0)");
            assertThat(ahead).hasValue(128);
        }
    }
}
