package dev.sluice.perf.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RowTest {

    @Test
    void smallerIsBetter_ratioAboveOneMeansSluiceIsBetter() {
        Row row = Row.smallerIsBetter("buffered-1x1", "go", 25.0, 50.0, "ns/message", 1.0);

        assertThat(row.ratio()).isEqualTo(2);
        assertThat(row.met()).isTrue();
    }

    @Test
    void smallerIsBetter_belowTarget_isNotMet() {
        assertThat(Row.smallerIsBetter("buffered-1x1", "go", 51.0, 50.0, "ns/message", 1.0)
                        .met())
                .isFalse();
    }

    @Test
    void smallerIsBetter_atTarget_isMet() {
        assertThat(Row.smallerIsBetter("buffered-1x1", "go", 50.0, 50.0, "ns/message", 1.0)
                        .met())
                .isTrue();
    }

    @Test
    void largerIsBetter_ratioAboveOneMeansSluiceIsBetter() {
        Row row = Row.largerIsBetter("flood", "grpc", 800.0, 100.0, "frames/ms", 8.0);

        assertThat(row.ratio()).isEqualTo(8);
        assertThat(row.met()).isTrue();
    }

    @Test
    void withoutTarget_nothingIsMet() {
        assertThat(Row.smallerIsBetter("creation", "kotlin", 1.0, 2.0, "ns/channel", null)
                        .met())
                .isNull();
    }

    @Test
    void withoutPeer_thereIsNoRatio() {
        Row row = Row.smallerIsBetter("buffered-1x1", "go", 25.0, null, "ns/message", 1.0);

        assertThat(row.sluice()).isEqualTo(25);
        assertThat(row.ratio()).isNull();
        assertThat(row.met()).isNull();
    }

    @Test
    void atMost_countsOwnFigureWhateverThePeers() {
        assertThat(Row.atMost("trysend-allocation", "kotlin", 0, 16.0, "B/op", 0)
                        .met())
                .isTrue();
        assertThat(Row.atMost("trysend-allocation", "kotlin", 8, 16.0, "B/op", 0)
                        .met())
                .isFalse();
    }

    @Test
    void atMost_whereBothAreNothing_ratioIsOne() {
        assertThat(Row.atMost("trysend-allocation", "queue", 0, 0.0, "B/op", 0).ratio())
                .isEqualTo(1);
    }

    @Test
    void atMost_whereOnlySluiceIsNothing_thereIsNoRatio() {
        assertThat(Row.atMost("trysend-allocation", "kotlin", 0, 16.0, "B/op", 0)
                        .ratio())
                .isNull();
    }

    @Test
    void over_tellsTheDifferenceAndTheRatioOfTheSum() {
        Row row = Row.over("switchable", "bare channel", 40, 32, "ns", 10);

        assertThat(row.sluice()).isEqualTo(8);
        assertThat(row.peerValue()).isEqualTo(32);
        assertThat(row.unit()).isEqualTo("ns over");
        assertThat(row.ratio()).isEqualTo(0.8);
        assertThat(row.met()).isTrue();
    }

    @Test
    void over_beyondTheLimit_isNotMet() {
        assertThat(Row.over("switchable", "bare channel", 43, 32, "ns", 10).met())
                .isFalse();
    }
}
