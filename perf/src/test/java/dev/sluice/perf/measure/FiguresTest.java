package dev.sluice.perf.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class FiguresTest {

    @Test
    void median_ofAnOddNumber_isTheMiddleOne() {
        assertThat(Figures.median(List.of(9.0, 1.0, 2.0))).isEqualTo(2);
    }

    @Test
    void median_ofAnEvenNumber_isTheMeanOfTheTwoInTheMiddle() {
        assertThat(Figures.median(List.of(9.0, 1.0, 2.0, 4.0))).isEqualTo(3);
    }

    @Test
    void median_ofNothing_isRefused() {
        assertThatThrownBy(() -> Figures.median(List.of())).hasMessage("nothing was measured");
    }

    @Test
    void turn_readsScoreAndAllocation() {
        assertThat(Figures.Turn.parse("result 12.5 0.25")).isEqualTo(new Figures.Turn(12.5, 0.25));
    }

    @Test
    void turn_withoutAllocation_hasNone() {
        assertThat(Figures.Turn.parse("result 12.5").allocated()).isNaN();
    }

    @Test
    void turn_ofSomethingElse_isRefused() {
        assertThatThrownBy(() -> Figures.Turn.parse("oops")).hasMessage("expected a result, got: oops");
    }
}
