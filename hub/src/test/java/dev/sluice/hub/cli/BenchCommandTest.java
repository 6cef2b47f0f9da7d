package dev.sluice.hub.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.hub.Hub;
import dev.sluice.hub.HubOptions;
import dev.sluice.hub.cli.bench.Outcome;
import dev.sluice.hub.cli.bench.Period;
import dev.sluice.hub.cli.bench.Shape;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class BenchCommandTest {

    private static Hub hub;
    private static String url;

    private final Cli cli = new Cli(new BenchCommand());

    @BeforeAll
    static void serve() {
        hub = Objects.requireNonNull(
                Hub.create(HubOptions.builder().tcp("127.0.0.1", 0).build())
                        .start()
                        .block());
        url = hub.endpoints().get(0).toString();
    }

    @AfterAll
    static void end() {
        hub.close().block();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "flood --frames 5000 --channels 3 --connections 2",
                "flood --frames 2 --channels 3 --connections 3 --size 4",
                "heavy --frames 9 --channels 2",
                "latency --frames 50",
                "latency --frames 50 --rate 2000"
            })
    void aNumberOfFrames_arrivesInFull(String words) throws IOException {
        assertThat(bench(words)).as(cli.err()).isZero();

        JsonNode figures = Json.MAPPER.readTree(cli.out());
        long frames = figures.get("frames").asLong();
        assertThat(words).contains("--frames " + frames);
        assertThat(figures.get("sent").asLong()).isEqualTo(frames);
        assertThat(figures.get("received").asLong()).isEqualTo(frames);
        assertThat(figures.get("measuredFrames").asLong()).isEqualTo(frames);
        assertThat(figures.get("lost").asLong()).isZero();
        assertThat(figures.get("doubled").asLong()).isZero();
        assertThat(figures.get("misplaced").asLong()).isZero();
        assertThat(hub.channels().list("bench").collectList().block()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"flood", "heavy --size 64KiB", "latency", "latency --rate 1000"})
    void aTime_endsWithWhatWasSentReceived(String words) throws IOException {
        assertThat(bench(words + " --duration 100ms")).as(cli.err()).isZero();

        JsonNode figures = Json.MAPPER.readTree(cli.out());
        assertThat(figures.get("durationMillis").asLong()).isEqualTo(100);
        assertThat(figures.get("sent").asLong())
                .isPositive()
                .isEqualTo(figures.get("received").asLong());
        assertThat(hub.channels().list("bench").collectList().block()).isEmpty();
    }

    @Test
    void open_callsAsOftenAsItSays() throws IOException {
        assertThat(bench("open --frames 300 --in-flight 10 --connections 3"))
                .as(cli.err())
                .isZero();

        JsonNode figures = Json.MAPPER.readTree(cli.out());
        assertThat(figures.get("calls").asLong()).isEqualTo(300);
        assertThat(figures.get("measuredCalls").asLong()).isEqualTo(300);
        assertThat(figures.get("lost").asLong()).isZero();
        assertThat(figures.get("p50Micros").asDouble())
                .isPositive()
                .isLessThanOrEqualTo(figures.get("maxMicros").asDouble());
    }

    @Test
    void open_endsAfterATime() throws IOException {
        assertThat(bench("open --duration 100ms --in-flight 4")).isZero();

        assertThat(Json.MAPPER.readTree(cli.out()).get("calls").asLong()).isPositive();
    }

    @Test
    void withoutJson_isATable() {
        assertThat(cli.run("bench", "latency", "--frames", "5", "--hub", url)).isZero();

        assertThat(cli.lines())
                .anyMatch(line -> line.matches("sent +5"))
                .anyMatch(line -> line.matches("p99.9 +\\S+ +µs"));
        assertThat(cli.err()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "flood --duration 0s,--duration",
        "flood --duration 2d,--duration",
        "flood --frames 0,--frames",
        "flood --size 3,--size",
        "heavy --size 17MiB,--size",
        "flood --channels 0,--channels",
        "flood --channels 10001,--channels",
        "flood --connections 0,--connections",
        "flood --connections 1001,--connections",
        "flood --channels 2 --connections 3,--channels",
        "open --size -1,--size",
        "open --in-flight 0,--in-flight",
        "open --in-flight 100001,--in-flight",
        "open --in-flight 2 --connections 3,--in-flight",
        "latency --rate 0,--rate",
        "latency --rate 1000001,--rate",
        "latency --size 3,--size",
        "flood --in-flight 3,--in-flight",
        "'',flood"
    })
    void whatIsOutOfBounds_isWrongUsage(String words, String named) {
        assertThat(bench(words)).isEqualTo(2);

        assertThat(cli.err()).contains(named).contains("SLC-201");
        assertThat(cli.out()).isEmpty();
    }

    @Test
    void withoutAHub_isUnreachable() {
        assertThat(cli.run("bench", "flood", "--hub", "tcp://127.0.0.1:1")).isEqualTo(5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"flood", "open", "latency", "latency --rate 1000"})
    void aHubThatGoes_endsIt(String words) {
        Hub other = Objects.requireNonNull(
                Hub.create(HubOptions.builder().tcp("127.0.0.1", 0).build())
                        .start()
                        .block());
        String there = other.endpoints().get(0).toString();
        CompletableFuture<Integer> exit = CompletableFuture.supplyAsync(
                () -> cli.run(("bench " + words + " --duration 1h --hub " + there).split(" ", -1)));
        // One connection is the command's own, or the only one.
        Awaitility.await().until(() -> other.server().peers().size() > 0);
        other.close().block();

        assertThat(exit.join()).isIn(1, 5);
        assertThat(cli.err()).containsPattern("^sluice: .*SLC-\\d+");
        assertThat(cli.out()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"true,0", "false,1"})
    void whatDidNotArriveAsItWasSent_exits1(boolean correct, int exit) {
        StringWriter out = new StringWriter();
        CommandLine command = new CommandLine(new Fake(correct)).setOut(new PrintWriter(out));

        assertThat(command.execute("--json")).isEqualTo(exit);
        assertThat(out.toString()).contains("\"lost\":7");
    }

    @Test
    void theBar_growsWithTheTime_orTheNumber() {
        BenchProgress byTime = BenchProgress.of(
                new PrintWriter(new StringWriter()),
                Period.of(Duration.ofSeconds(1), Duration.ofSeconds(5)),
                "frames",
                () -> 3_000);
        BenchProgress byNumber =
                BenchProgress.of(new PrintWriter(new StringWriter()), Period.of(4_000), "calls", () -> 3_000);

        assertThat(byTime.line(Duration.ofSeconds(3).toNanos()))
                .isEqualTo("[" + "=".repeat(15) + " ".repeat(15) + "]  50%  3.0 k frames, 1.0 k/s");
        assertThat(byTime.line(Duration.ofMillis(500).toNanos())).endsWith(", warming up");
        assertThat(byNumber.line(Duration.ofSeconds(3).toNanos())).contains(" 75%  3.0 k calls");
        byTime.close();
        byNumber.close();
    }

    private int bench(String words) {
        return cli.run(Stream.concat(
                        Stream.concat(
                                Stream.of("bench"),
                                Arrays.stream(words.split(" ")).filter(word -> !word.isEmpty())),
                        words.isEmpty() ? Stream.empty() : Stream.of("--json", "--hub", url))
                .toArray(String[]::new));
    }

    @Command(name = "fake")
    private static final class Fake extends BenchRun {
        private final boolean correct;

        Fake(boolean correct) {
            this.correct = correct;
        }

        @Override
        Map<String, Object> parameters() {
            return Map.of();
        }

        @Override
        Shape shape(Period period) {
            return new Shape() {
                @Override
                public Outcome run() {
                    return new Outcome(Map.of("lost", 7), correct);
                }

                @Override
                public long done() {
                    return 0;
                }
            };
        }

        @Override
        String unit() {
            return "frames";
        }
    }
}
