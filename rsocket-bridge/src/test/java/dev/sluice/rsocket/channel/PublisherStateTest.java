package dev.sluice.rsocket.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.Frame;
import dev.sluice.rsocket.Peer;
import dev.sluice.rsocket.RemoteSource;
import dev.sluice.rsocket.Request;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

class PublisherStateTest {

    private final PublisherState state = new PublisherState(Budget.of(1 << 20));

    private static Request request() {
        return new Request() {
            @Override
            public String service() {
                return Verbs.SEND;
            }

            @Override
            public Frame body() {
                return Frame.text("x");
            }

            @Override
            public Map<String, String> tags() {
                return Map.of();
            }

            @Override
            public Flux<RemoteSource> uplink() {
                return Flux.empty();
            }

            @Override
            public Peer peer() {
                throw new UnsupportedOperationException("nobody asks");
            }
        };
    }

    @Test
    void attempt_thatIsForgottenByACallThatIsRefused_isTakenBack() {
        AtomicBoolean takenBack = new AtomicBoolean();
        state.attempt(
                new Numbering(1, 0, List.of()),
                request(),
                () -> Mono.<Frame>never().doOnCancel(() -> takenBack.set(true)));

        assertThatThrownBy(() -> state.attempt(new Numbering(1, 5, List.of()), request(), Mono::never))
                .hasMessageContaining("settled before");

        assertThat(takenBack).isTrue();
    }
}
