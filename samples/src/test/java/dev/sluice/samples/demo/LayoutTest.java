package dev.sluice.samples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.samples.demo.Scene.Mood;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class LayoutTest {

    private static final Pattern ESCAPE = Pattern.compile("\u001b\\[[0-9;]*m");
    private static final Layout PLAIN = new Layout(false, '#', '.');
    private static final Layout COLOURED = new Layout(true, '#', '.');
    private static final Scene SCENE = new Scene(
            12.34,
            2,
            List.of(
                    new Scene.Service("grpc", "sinkhole", Mood.DIVERTED, 500, 1.7, "diverted, 312 let go"),
                    new Scene.Service("a-service-with-a-long-name", "mesh", Mood.NORMAL, 123_456, 0.5, ""),
                    new Scene.Service("updater", "mesh", Mood.EXCLUSIVE, 0, Double.NaN, "flash 3: 1 of 1000")),
            32,
            64,
            "sinkhole",
            new Balance(1_000, 600, 300, 32, 0, 0, 0, 0, -1));

    @Test
    void lines_fitATerminalOfAnySize() {
        for (Layout layout : List.of(PLAIN, COLOURED)) {
            for (int columns = 1; columns <= 200; columns++) {
                for (int rows = 1; rows <= 30; rows++) {
                    List<String> lines = layout.lines(SCENE, columns, rows);

                    assertThat(lines).hasSizeLessThanOrEqualTo(rows);
                    for (String line : lines) {
                        assertThat(visible(line).length()).as(line).isLessThanOrEqualTo(columns);
                    }
                }
            }
        }
    }

    @Test
    void usualTerminal_showsAWholeLineForEachService() {
        List<String> lines = PLAIN.lines(SCENE, 80, 24);

        assertThat(lines).anyMatch(line -> line.matches("grpc +sinkhole +500/s #{19} diverted, 312 let go"));
        assertThat(lines).anyMatch(line -> line.matches("updater +mesh +0/s \\.{19} flash 3: 1 of 1000"));
        assertThat(lines).anyMatch(line -> line.matches("mesh +#{10}\\.{9} 32 of 64 buffered"));
    }

    @Test
    void narrowTerminal_doesWithoutBars() {
        assertThat(PLAIN.lines(SCENE, 60, 24)).noneMatch(line -> line.contains("#") || line.contains(".".repeat(6)));
    }

    @Test
    void lowTerminal_doesWithoutBlankLinesFirst() {
        assertThat(PLAIN.lines(SCENE, 80, 8)).hasSize(8).noneMatch(String::isEmpty);
    }

    @Test
    void colours_changeNothingElse() {
        assertThat(COLOURED.lines(SCENE, 80, 24).stream().map(LayoutTest::visible))
                .isEqualTo(PLAIN.lines(SCENE, 80, 24));
        assertThat(String.join("", PLAIN.lines(SCENE, 80, 24))).doesNotContain("\u001b");
    }

    private static String visible(String line) {
        return ESCAPE.matcher(line).replaceAll("");
    }
}
