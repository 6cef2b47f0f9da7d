package dev.sluice.rsocket.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.Frame;
import dev.sluice.rsocket.Request;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

class PublisherStateTest {

    private final PublisherState state = new PublisherState(Budget.of(1 << 20));

    private static Request request() {
        return new Asked(new Caller(), Frame.text("x"), Map.of());
    }

    @Test
    void attempt_thatIsForgottenByACallThatIsRefused_isTakenBack() {
        AtomicBoolean takenBack = new AtomicBoolean();
        state.attempt(
                new Numbering(1, 0, List.of()),
                request(),
                () -> Mono.<Frame>never().doOnCancel(() -> takenBack.set(true)),
                0);

        assertThatThrownBy(() -> state.attempt(new Numbering(1, 5, List.of()), request(), Mono::never, 0))
                .hasMessageContaining("settled before");

        assertThat(takenBack).isTrue();
    }
}
