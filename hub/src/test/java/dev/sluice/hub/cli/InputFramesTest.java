package dev.sluice.hub.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.Frame;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

class InputFramesTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Test
    void lines_endAtNewlines_andTheLastNeedsNone() {
        assertThat(texts(input("a\n\nc\r\nd").lines())).containsExactly("a", "", "c\r", "d");
        assertThat(texts(input("a\n").lines())).containsExactly("a");
        assertThat(texts(input("").lines())).isEmpty();
    }

    @Test
    void pieces_areOfTheSize_butForTheLast() {
        assertThat(texts(input("abcdefgh").pieces(3))).containsExactly("abc", "def", "gh");
    }

    @Test
    void theEnd_isSeenWithoutFurtherDemand() {
        StepVerifier.create(input("a\nb\n").lines(), 2)
                .expectNextCount(2)
                .expectComplete()
                .verify(PATIENCE);
        StepVerifier.create(input("ab").pieces(1), 2)
                .expectNextCount(2)
                .expectComplete()
                .verify(PATIENCE);
    }

    @Test
    void aLineThatIsTooLong_failsWithTheRemedy() {
        InputFrames input = InputFrames.of(new ByteArrayInputStream(new byte[InputFrames.LONGEST + 1]));

        StepVerifier.create(input.lines())
                .expectErrorMatches(failure -> failure instanceof CommandFailure known
                        && known.code() == ErrorCode.TOO_LARGE
                        && known.getMessage().contains("--raw"))
                .verify(PATIENCE);
    }

    private static InputFrames input(String text) {
        return InputFrames.of(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static List<String> texts(Flux<Frame> frames) {
        return frames.map(Frame::asText).collectList().block(PATIENCE);
    }
}
