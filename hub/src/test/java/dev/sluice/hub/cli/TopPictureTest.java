package dev.sluice.hub.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.channel.ChannelStats;
import dev.sluice.hub.control.HubInfo;
import dev.sluice.hub.control.TopOrder;
import dev.sluice.hub.control.TopView;
import java.util.List;
import org.junit.jupiter.api.Test;

class TopPictureTest {

    private static final TopLook LOOK = new TopLook(
            new HubInfo("1.0", "running", 3_720_000, "memory:", 12_345, 2, 1, 7, 1_500, 100 << 20, 1 << 30),
            new TopView(
                    List.of(line("plant/7/valve/inlet/pressure", 1_234.5, false), line("orders", 0.25, true)),
                    2,
                    120,
                    3,
                    1_234.75,
                    99.5,
                    0));

    private static TopView.Line line(String name, double rate, boolean closed) {
        ChannelStats stats =
                new ChannelStats(name, 4_096, 60, 3, 2, 0, 1, 10_000, 9_000, 0, 5, 0, 0, 10_000, closed, List.of(), 0);
        return new TopView.Line(stats, rate, 99.5, 0);
    }

    @Test
    void wide_showsEverything() {
        List<String> lines = new TopPicture("tcp://127.0.0.1:7878", "", false).lines(LOOK, TopOrder.RATE);

        assertThat(lines)
                .containsExactly(
                        "sluice 1.0  tcp://127.0.0.1:7878  running, up 1 h 2 min  heap 100 MiB of 1.0 GiB",
                        "12,345 channels  7 sessions  2 services  1 lease  1.5 k discarded",
                        "all:  1.2 k/s in  99.5/s out  0/s dropped  120 buffered  3 waiting",
                        "by rate",
                        "CHANNEL                          IN/S    OUT/S       BUFFERED  WAITING  READERS   DROP/S"
                                + "  ACCEPTED  DROPPED",
                        "plant/7/valve/inlet/pressure    1.2 k     99.5       60/4.1 k        3        3        0"
                                + "    10.0 k        5",
                        "orders (closed)                   0.3     99.5       60/4.1 k        3        3        0"
                                + "    10.0 k        5");
    }

    @Test
    void narrow_leavesOutFigures_andCutsNames() {
        List<String> lines = new TopPicture("tcp://127.0.0.1:7878", "plant", false).lines(LOOK, "by rate", 50);

        assertThat(lines.get(4)).matches("CHANNEL +IN/S +OUT/S");
        assertThat(lines.get(5)).matches("plant/7/valve/inlet/pressure +1.2 k +99.5");
        assertThat(lines.get(2)).startsWith("plant, 2 channels:");
    }

    @Test
    void anyWidth_isKept_withAndWithoutColours() {
        for (int width = 1; width < 150; width++) {
            for (boolean colours : new boolean[] {false, true}) {
                List<String> lines = new TopPicture("tcp://127.0.0.1:7878", "plant", colours)
                        .lines(LOOK, "by rate; s: next order, q: quit", width);

                int limit = width;
                assertThat(lines)
                        .hasSize(7)
                        .allSatisfy(line -> assertThat(line.replaceAll("\u001b\\[[0-9]*m", ""))
                                .hasSizeLessThanOrEqualTo(limit));
            }
        }
    }

    @Test
    void longNames_loseTheirBeginnings() {
        assertThat(new TopPicture("h", "", false).lines(LOOK, "", 40).get(5))
                .isEqualTo("~/valve/inlet/pressure    1.2 k     99.5");
    }
}
