package dev.sluice.perf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MainTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final PrintStream outBefore = System.out;
    private final PrintStream errBefore = System.err;

    @BeforeEach
    void capture() {
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void release() {
        System.setOut(outBefore);
        System.setErr(errBefore);
    }

    @Test
    void unknownOption_isWrongUse() {
        assertThat(Main.run(List.of("local", "--fast"))).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("Unknown option: --fast");
        assertThat(out.size()).isZero();
    }

    @Test
    void unknownShape_isWrongUseAndTellsTheKnownOnes() {
        assertThat(Main.run(List.of("local", "--shape", "round"))).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("Unknown shape: round", "buffered-1x1");
    }

    @Test
    void noBenchmark_isWrongUse() {
        assertThat(Main.run(List.of())).isEqualTo(2);
        assertThat(Main.run(List.of("remote"))).isEqualTo(2);
    }

    @Test
    void list_namesTheShapes() {
        assertThat(Main.run(List.of("local", "--list"))).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8).lines())
                .contains("buffered-1x1", "rendezvous-1000x1", "listeners-x100", "trysend", "creation", "idle");
    }

    @Test
    void networkList_namesShapesAndPeers() {
        assertThat(Main.run(List.of("network", "--list"))).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8).lines())
                .contains("shapes: connect,open,flood,heavy,latency")
                .anySatisfy(line -> assertThat(line).startsWith("peers: ").contains("rsocket-java", "grpc-java"));
    }

    @Test
    void networkUnknownNames_areWrongUseAndTellTheKnownOnes() {
        assertThat(Main.run(List.of("network", "--shapes", "flood,round"))).isEqualTo(2);
        assertThat(Main.run(List.of("network", "--peers", "nobody"))).isEqualTo(2);
        assertThat(Main.run(List.of("network", "--fast"))).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("Unknown shape: round. There are connect, open")
                .contains("Unknown peer: nobody. There are ")
                .contains("Unknown option: --fast");
    }

    @Test
    void filesList_namesTheShapes() {
        assertThat(Main.run(List.of("files", "--list"))).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8).trim())
                .isEqualTo(
                        "shapes: read-16-x1,read-16-x32,write-16-x1,write-16-x32,read-64k,blocked-readers,list-100000");
    }

    @Test
    void filesUnknownNames_areWrongUseAndTellTheKnownOnes() {
        assertThat(Main.run(List.of("files", "--shapes", "read-16-x1,round"))).isEqualTo(2);
        assertThat(Main.run(List.of("files", "--peers", "diod"))).isEqualTo(2);
        assertThat(Main.run(List.of("files", "--shapes"))).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("Unknown shape: round. There are read-16-x1, read-16-x32")
                .contains("Unknown option: --peers")
                .contains("Unknown option: --shapes");
    }

    @Test
    void pipesList_namesTheShapes() {
        assertThat(Main.run(List.of("pipes", "--list"))).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8).trim())
                .isEqualTo("shapes: 1x1-64,1x8-64,4x1-64,4x8-64,1x1-1k,4x8-1k");
    }

    @Test
    void pipesUnknownNames_areWrongUseAndTellTheKnownOnes() {
        assertThat(Main.run(List.of("pipes", "--shapes", "1x1-64,round"))).isEqualTo(2);
        assertThat(Main.run(List.of("pipes", "--diod", "diod"))).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("Unknown shape: round. There are 1x1-64, 1x8-64")
                .contains("Unknown option: --diod");
    }
}
