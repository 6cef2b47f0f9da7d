package dev.sluice.rsocket.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.Frame;
import dev.sluice.rsocket.Request;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

/** What lines of numbers cost whoever has many. */
class PublishersTest {

    private static final Duration LONG = Duration.ofSeconds(20);

    /** Of which one client may have a quarter: 64 lines, besides the first. */
    private static final long BYTES = 65_536;

    private static final int LINES = 64;

    private final ServedOperations operations = new ServedOperations(Duration.ofMinutes(1), BYTES);

    private static Request ofLine(Caller caller, int line) {
        return new Asked(caller, Frame.EMPTY, Map.of(Verbs.LINE, "" + line, Verbs.NUMBER, "1"));
    }

    private boolean remember(Caller caller, int line) {
        return Objects.requireNonNull(
                        Flux.from(operations.remember(ofLine(caller, line))).blockFirst(LONG))
                .header()
                .asText()
                .equals("true");
    }

    private Caller withManyLines() {
        Caller caller = new Caller();
        for (int line = 0; line <= LINES; line++) {
            assertThat(remember(caller, line)).isFalse();
        }
        return caller;
    }

    @Test
    void remember_ofMoreLinesThanThereAreBytesFor_isRefused() {
        Caller caller = withManyLines();

        assertThatThrownBy(() -> remember(caller, LINES + 1))
                .hasMessageContaining("lines of operations")
                .hasMessageContaining("16384 bytes")
                .hasMessageContaining("raise waitingBytes");
        assertThat(remember(caller, LINES)).as("one there is").isTrue();
    }

    /** Who comes to receive asks to be remembered too: were that refused, what fills the server would stay. */
    @Test
    void remember_ofAFirstLine_isNotRefusedWhenOthersHaveAllBytes() {
        for (int caller = 0; caller < 4; caller++) {
            withManyLines();
        }
        Caller last = new Caller();

        assertThat(remember(last, 0)).isFalse();
        assertThatThrownBy(() -> remember(last, 1)).hasMessageContaining("raise waitingBytes");
    }

    @Test
    void linesOfOneThatIsGone_areGivenBack() {
        for (int caller = 0; caller < 3; caller++) {
            withManyLines();
        }
        withManyLines().leave();

        withManyLines();
    }

    @Test
    void withdraw_inALineThatIsNotThere_makesNone() {
        Caller caller = new Caller();

        assertThatThrownBy(
                        () -> Flux.from(operations.withdraw(ofLine(caller, 7))).blockLast(LONG))
                .hasMessageContaining("nothing to withdraw");

        assertThat(remember(caller, 7)).isFalse();
    }
}
