package dev.sluice.perf.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.perf.report.Row;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Does every kind of work for a moment, in the processes it is done in, so that none of it rots; with diod where that is installed. */
class FilesSessionTest {

    private static final Path SOURCES = Path.of("peers", "ninep");

    @TempDir
    private static Path folder;

    @BeforeAll
    static void buildTheDriver() throws Exception {
        assumeTrue(installed("gcc") != null, "the driver is built with gcc");
        List<String> command =
                new ArrayList<>(List.of("gcc", "-std=c11", "-D_GNU_SOURCE", "-Wall", "-Wextra", "-Werror"));
        command.addAll(List.of("-o", driver().toString()));
        try (Stream<Path> sources = Files.list(SOURCES)) {
            sources.map(Path::toString).filter(name -> name.endsWith(".c")).forEach(command::add);
        }
        Process gcc = new ProcessBuilder(command).inheritIO().start();
        assertThat(gcc.waitFor()).isZero();
    }

    static List<Arguments> work() {
        return List.of(
                Arguments.of("read-x1", Transfer.read(1)),
                Arguments.of("read-x4", Transfer.read(4)),
                Arguments.of("write-x1", Transfer.write(1)),
                Arguments.of("write-x4", Transfer.write(4)),
                Arguments.of("read-large", Transfer.readLarge(2)),
                Arguments.of("blocked", new BlockedReaders(40)),
                Arguments.of("list", new Listing(300)));
    }

    @ParameterizedTest
    @MethodSource("work")
    void run_doesTheWork(String label, Work work) {
        FilesSession session = session(new Tools(driver(), installed("diod")));

        List<Row> rows = session.run(label, work);

        assertThat(session.failures()).isEmpty();
        assertThat(rows)
                .hasSameSizeAs(work.figures())
                .allSatisfy(row -> assertThat(row.sluice()).isNotNull());
        assertThat(rows.get(0).sluice()).isPositive();
    }

    @Test
    void run_withoutTheDriver_reportsIt() {
        FilesSession session = session(new Tools(folder.resolve("nothing"), null));

        List<Row> rows = session.run("read-16-x1");

        assertThat(session.failures()).singleElement().asString().startsWith("read-16-x1: sluice failed: ");
        assertThat(rows.get(0).sluice()).isNull();
    }

    private static FilesSession session(Tools tools) {
        FilesPlan plan = new FilesPlan(1, Duration.ZERO, 1, Duration.ofMillis(50), Duration.ofSeconds(60));
        return new FilesSession(plan, tools, folder, line -> {});
    }

    private static Path driver() {
        return folder.resolve("ninep-driver");
    }

    private static @Nullable Path installed(String program) {
        return Stream.of("/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin")
                .map(place -> Path.of(place, program))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
    }
}
