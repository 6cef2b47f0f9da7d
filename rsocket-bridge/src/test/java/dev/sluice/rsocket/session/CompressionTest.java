package dev.sluice.rsocket.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.Frame;
import dev.sluice.Source;
import dev.sluice.rsocket.RemoteSource;
import dev.sluice.rsocket.SessionOptions;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Batches are compressed where both sides want it, and nowhere else. */
class CompressionTest {

    private static final Duration LONG = Duration.ofSeconds(20);
    private static final SessionOptions COMPRESSING =
            SessionOptions.builder().compression(true).build();
    private static final int FRAMES = 2_000;

    /** Bytes the server writes to send 2 million zeros. */
    private static long written(SessionOptions ofClient, SessionOptions ofServer) {
        Frame zeros = Frame.of(new byte[1_000]);
        try (Pair pair = new Pair(ofClient, ofServer)
                .serving(
                        "zeros",
                        request ->
                                Mono.just(Source.of("s", Flux.range(0, FRAMES).map(i -> zeros))))) {
            assertThat(pair.client
                            .post("zeros", Frame.EMPTY)
                            .flatMap(RemoteSource::frames)
                            .filter(zeros::equals)
                            .count()
                            .block(LONG))
                    .isEqualTo(FRAMES);
            return pair.serverLink.written();
        }
    }

    @Test
    void batches_bothWantIt_areShorter() {
        assertThat(written(COMPRESSING, COMPRESSING)).isLessThan(200_000);
    }

    @Test
    void batches_oneDoesNotWantIt_goAsTheyAre() {
        assertThat(written(SessionOptions.defaults(), COMPRESSING)).isGreaterThan(2_000_000);
        assertThat(written(COMPRESSING, SessionOptions.defaults())).isGreaterThan(2_000_000);
    }
}
