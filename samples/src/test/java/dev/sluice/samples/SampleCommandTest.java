package dev.sluice.samples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.hub.cli.Main;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class SampleCommandTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void withoutAName_listsEverySampleOnALineOfItsOwn() {
        assertThat(execute("sample")).isZero();

        for (String name :
                List.of("channelswap", "pipeline", "fan-out", "replay", "nested", "chanserv", "remote-swap", "pipes")) {
            assertThat(out.toString()).containsPattern("(?m)^  " + name + " +[A-Z].*\\.$");
        }
        assertThat(out.toString()).contains("samples/lock/flash-firmware.sh");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void unknownName_exits2_withASuggestion() {
        assertThat(execute("sample", "fanout")).isEqualTo(2);

        assertThat(err.toString()).contains("'fanout'").contains("Did you mean").contains("fan-out");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void moreThanAName_exits2() {
        assertThat(execute("sample", "nested", "twice")).isEqualTo(2);

        assertThat(err.toString()).contains("'twice'").contains("Usage: sluice sample nested");
    }

    @Test
    void help_isThereForTheSamplesAndForEachOfThem() {
        assertThat(execute("sample", "--help")).isZero();
        assertThat(execute("sample", "replay", "--help")).isZero();

        assertThat(out.toString()).contains("Samples:").contains("Usage: sluice sample replay");
    }

    @Test
    void pipes_giveEachGroupAllLines_sharedByItsMembers() {
        assertThat(sample("pipes"))
                .containsExactly(
                        "groups: audit and billing wait for the destination orders, two members each",
                        "destination: orders has sent 1000 lines",
                        "group: audit has 1000 lines, shared by 2 members",
                        "group: billing has 1000 lines, shared by 2 members",
                        "destination: orders is gone");
    }

    @Test
    void channelswap_keepsTheLeaseUndisturbed_andGrpcUnaware() {
        assertThat(sample("channelswap"))
                .containsExactly(
                        "grpc sends to mesh",
                        "updater has mesh, grpc sends to dev-null",
                        "the lease has ended, grpc sends to mesh",
                        "the core read [call 1, packet 1, packet 2, packet 3, call 5]",
                        "dev-null got 3 calls");
    }

    @Test
    void pipeline_makesNoMoreThanTheReaderTakesAndTheChannelsHold() {
        assertThat(sample("pipeline"))
                .containsExactly(
                        "the reader has taken 0 of 1000, the first stage made 8",
                        "the reader takes 3: [1, 4, 9], the first stage made 11",
                        "the reader takes 3: [16, 25, 36], the first stage made 14",
                        "the reader takes 3: [49, 64, 81], the first stage made 17",
                        "the reader takes the rest: 1000 in all, the last is 1000000, ended: true");
    }

    @Test
    void fanOut_saysOfEachChannelWhatBecameOfTheElement() {
        assertThat(sample("fan-out"))
                .containsExactly(
                        "news to subscriber/*: 3 channels: 2 accepted, 1 full",
                        "    subscriber/ann   ACCEPTED",
                        "    subscriber/bob   FULL",
                        "    subscriber/cem   ACCEPTED",
                        "bob reads: older news",
                        "news again: 3 channels: 3 accepted",
                        "    subscriber/ann   ACCEPTED",
                        "    subscriber/bob   ACCEPTED",
                        "    subscriber/cem   ACCEPTED",
                        "more news, waiting 100 ms: 3 channels: 2 timed out, 1 closed",
                        "    subscriber/ann   TIMED_OUT",
                        "    subscriber/bob   TIMED_OUT",
                        "    subscriber/cem   CLOSED");
    }

    @Test
    void replay_givesTheRetainedElementsAndThenTheLiveOnes() {
        assertThat(sample("replay"))
                .containsExactly(
                        "five were sent, the channel retains the last three",
                        "there from the start:   [a, b, c, d, e]",
                        "came late, earliest:    [c, d, e]",
                        "came late, offset 4:    [e]",
                        "one more is sent",
                        "there from the start:   [a, b, c, d, e, f]",
                        "came late, earliest:    [c, d, e, f]",
                        "came late, offset 4:    [e, f]");
    }

    @Test
    void nested_servesEverySourceOnceBeforeAnyASecondTime() {
        assertThat(sample("nested"))
                .containsExactly(
                        "announced:         [source-1, source-2, source-3, source-4, source-5]",
                        "merged fairly:     [1a, 2a, 3a, 4a, 5a, 1b, 2b, 3b, 4b, 5b]",
                        "one after another: [1a, 1b, 2a, 2b, 3a, 3b, 4a, 4b, 5a, 5b]",
                        "without source-3:  [1a, 2a, 4a, 5a, 1b, 2b, 4b, 5b]");
    }

    @Test
    void chanserv_makesWhatIsConsumedAndNothingForWhatIsIgnored() {
        List<String> lines = sample("chanserv");

        assertThat(lines.get(0)).matches("server: listens on 127\\.0\\.0\\.1:\\d+, answers calls to \"sources\"");
        assertThat(lines.subList(1, lines.size()))
                .containsExactly(
                        "source: announces greeting",
                        "source: announces numbers",
                        "source: announces video",
                        "source: announces sensor",
                        "client: asked \"what is new\", was announced 4 sources",
                        "consuming: greeting says hello",
                        "consuming: greeting says dear",
                        "consuming: greeting says client",
                        "consuming: greeting is done, its producer made 3",
                        "consuming: numbers says 1",
                        "consuming: numbers says 2",
                        "consuming: numbers says 3",
                        "consuming: numbers is done, its producer made 3 of a million",
                        "consuming: video is ignored, its producer made 0",
                        "consuming: sensor says 21 C",
                        "consuming: sensor fails: the sensor fell off",
                        "server: closed");
    }

    @Test
    void remoteSwap_reAimsBothProducers_andNeitherLosesNorDoublesAFrame() {
        List<String> lines = sample("remote-swap");

        assertThat(lines.get(0)).matches("the hub listens on tcp://127\\.0\\.0\\.1:\\d+");
        assertThat(lines.subList(1, lines.size()))
                .containsExactly(
                        "left sends to west, right sends to east",
                        "a third client swaps: left sends to east, right sends to west",
                        "west got [left 1, left 2, left 3, right 4, right 5, right 6]",
                        "east got [right 1, right 2, right 3, left 4, left 5, left 6]",
                        "it swaps 10 times more, while both send on up to 1000: left sends to east, right sends to west",
                        "sent 2000, received 2000, lost 0, doubled 0");
    }

    private List<String> sample(String name) {
        assertThat(execute("sample", name)).isZero();
        assertThat(err.toString()).isEmpty();
        return out.toString().lines().toList();
    }

    private int execute(String... arguments) {
        CommandLine main = Main.commandLine();
        main.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return main.execute(arguments);
    }
}
