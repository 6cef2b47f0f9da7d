package dev.sluice.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Rules about files rather than classes. */
class SourceRulesTest {

    private static final int LONGEST_FILE = 400;
    private static final Pattern UNFINISHED = Pattern.compile("\\b(TO" + "DO|FIX" + "ME|XX" + "X)\\b");

    @Test
    void files_areShort() throws IOException {
        List<String> tooLong = new ArrayList<>();
        for (Path file : Sluice.sources()) {
            int lines = Files.readAllLines(file).size();
            if (lines > LONGEST_FILE) {
                tooLong.add(Sluice.root().relativize(file) + ": " + lines + " lines");
            }
        }

        assertThat(tooLong)
                .as("files over %d lines: one that needs more is two ideas", LONGEST_FILE)
                .isEmpty();
    }

    @Test
    void nothing_isLeftForLater() throws IOException {
        List<String> unfinished = new ArrayList<>();
        for (Path file : Sluice.sources()) {
            if (UNFINISHED.matcher(Files.readString(file)).find()) {
                unfinished.add(Sluice.root().relativize(file).toString());
            }
        }

        assertThat(unfinished).as("files that put something off").isEmpty();
    }
}
