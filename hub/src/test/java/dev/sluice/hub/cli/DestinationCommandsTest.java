package dev.sluice.hub.cli;

import static dev.sluice.hub.HubFixture.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.directory.Directory;
import dev.sluice.directory.GroupEntry;
import dev.sluice.directory.GroupTerms;
import dev.sluice.directory.Membership;
import dev.sluice.hub.users.SecretHash;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code send --destination} and {@code receive --destination}. */
class DestinationCommandsTest {

    private static final String NAME = "orders";

    private final Map<String, String> environment = new HashMap<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private Directory directory;

    @BeforeEach
    void open(TestInfo test) {
        String url = "memory:destinations-" + test.getDisplayName().replaceAll("[^A-Za-z]", "");
        environment.put("SLUICE_DIRECTORY", url);
        directory = Directory.open(url);
    }

    @AfterEach
    void close() {
        threads.shutdownNow();
        directory.close().block(PATIENCE);
    }

    /** A command that runs, what it says, and what a receiver has written. */
    private final class Running {
        private final ByteArrayOutputStream written = new ByteArrayOutputStream();
        private final Cli cli;
        private final CompletableFuture<Integer> end;

        private Running(String input, String... words) {
            this(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)), words);
        }

        private Running(InputStream input, String... words) {
            this.cli = words[0].equals("send") ? sending(input) : receiving(written);
            this.end = CompletableFuture.supplyAsync(() -> cli.run(words), threads);
        }

        private Running ends(int code) {
            assertThat(end).succeedsWithin(PATIENCE);
            assertThat(end.join()).as(cli.err()).isEqualTo(code);
            return this;
        }

        private List<String> lines() {
            return written.toString(StandardCharsets.UTF_8).lines().toList();
        }
    }

    private Cli sending(InputStream input) {
        return new Cli(new SendCommand(environment, () -> input));
    }

    private Cli receiving(OutputStream output) {
        return new Cli(new ReceiveCommand(environment, () -> output));
    }

    /** Sends what {@code seq} prints. */
    private Running send(int upTo, String... more) {
        String lines = numbers(1, upTo).stream().collect(Collectors.joining("\n"));
        return new Running(lines, words("send", more));
    }

    private Running receive(String... more) {
        return new Running("", words("receive", more));
    }

    private static String[] words(String command, String... more) {
        return Stream.concat(Stream.of(command, "--destination", NAME), Stream.of(more))
                .toArray(String[]::new);
    }

    private static List<String> numbers(int first, int last) {
        return IntStream.rangeClosed(first, last).mapToObj(String::valueOf).toList();
    }

    private void awaitGroups(String... names) {
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(directory.destinations().groups(NAME).block(PATIENCE))
                                .extracting(GroupEntry::name)
                                .containsExactlyInAnyOrder(names));
    }

    /** A group that is in the directory, and receives nothing. */
    private void absent(String group) {
        present(group, GroupTerms.defaults());
    }

    private Membership present(String group, GroupTerms terms) {
        return Objects.requireNonNull(directory
                .destinations()
                .join(NAME, group, terms, "nobody", Duration.ofMinutes(1))
                .block(PATIENCE));
    }

    /** A group that is in the directory without a member. */
    private void absent(String group, Duration expiry) {
        present(group, GroupTerms.defaults().withExpiry(expiry)).withdraw().block(PATIENCE);
    }

    @Test
    void send_toTwoGroups_givesEachAllOfIt_andEnds() {
        Running billing = receive("--group", "billing", "--count", "500");
        Running stock = receive("--group", "stock", "--count", "500", "--ack");
        awaitGroups("billing", "stock");

        send(500).ends(0);

        assertThat(billing.ends(0).lines()).isEqualTo(numbers(1, 500));
        assertThat(stock.ends(0).lines()).isEqualTo(numbers(1, 500));
        assertThat(directory.destinations().watch(NAME).blockFirst(PATIENCE)).isEmpty();
    }

    @Test
    void send_whileAGroupHasNotAll_goesOn() {
        absent("late");
        Running early = receive("--group", "early", "--count", "3");
        awaitGroups("early", "late");
        Running sender = send(3);
        early.ends(0);
        assertThat(sender.end).isNotDone();

        assertThat(receive("--group", "late", "--count", "3").ends(0).lines()).containsExactly("1", "2", "3");
        sender.ends(0);
    }

    @Test
    void send_ofAnArgument_asJson_saysHowMany() {
        Running sender = new Running("", "send", "--destination", NAME, "tea", "--json", "--at", "127.0.0.1:0");
        assertThat(receive("--count", "1", "--json").ends(0).lines()).containsExactly("{\"text\":\"tea\"}");
        sender.ends(0);
        assertThat(sender.cli.lines()).containsExactly("{\"sent\":1}");
    }

    @Test
    void send_toAGroupThatIsGoneAsSoonAsItHasAll_ends() {
        for (int i = 0; i < 10; i++) {
            // One that comes later may have come and gone between two looks.
            Running early = i % 2 == 0 ? receive("--count", "3", "--ack", "--expiry", "0s") : null;
            Running sender = send(3);
            Running receiver = early == null ? receive("--count", "3", "--ack", "--expiry", "0s") : early;
            sender.ends(0);
            assertThat(receiver.ends(0).lines()).isEqualTo(numbers(1, 3));
        }
    }

    @Test
    void send_whoseGroupIsGoneBeforeTheLastFrame_waitsForAnother() throws IOException {
        PipedOutputStream typed = new PipedOutputStream();
        Running sender = new Running(new PipedInputStream(typed), words("send"));
        Running first = receive("--count", "1", "--ack", "--expiry", "0s");
        typed.write("1\n".getBytes(StandardCharsets.UTF_8));
        typed.flush();
        assertThat(first.ends(0).lines()).containsExactly("1");
        awaitGroups();

        typed.write("2\n".getBytes(StandardCharsets.UTF_8));
        typed.close();

        assertThat(receive("--count", "1").ends(0).lines()).containsExactly("2");
        sender.ends(0);
    }

    @Test
    void send_toAGroupThatIsGivenUpWithABacklog_fails() {
        absent("late", Duration.ofSeconds(3)); // long enough to send before it is given up

        assertThat(send(3).ends(1).cli.err()).contains("SLC-122", "with 3 of the 3 frames");
    }

    @Test
    void send_ofNothing_waitsForNobody() {
        new Running("", "send", "--destination", NAME).ends(0);
    }

    @Test
    void receive_withCount_takesNotOneMore() {
        Running sender = send(5);
        assertThat(receive("--count", "2").ends(0).lines()).containsExactly("1", "2");
        assertThat(receive("--count", "3").ends(0).lines()).containsExactly("3", "4", "5");
        sender.ends(0);
    }

    @Test
    void receive_withAck_leavesWhatWasNotWrittenToTheNext() {
        Running sender = send(2);
        OutputStream gone = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
            }
        };
        Cli broken = receiving(gone);
        assertThat(broken.run("receive", "--destination", NAME, "--ack")).isEqualTo(BaseCommand.NOBODY_READS);
        assertThat(sender.end).isNotDone();

        List<String> lines = receive("--ack", "--json", "--count", "2").ends(0).lines();
        assertThat(lines)
                .containsExactly(
                        "{\"offset\":0,\"redelivered\":true,\"text\":\"1\"}",
                        "{\"offset\":1,\"redelivered\":true,\"text\":\"2\"}");
        sender.ends(0);
    }

    @Test
    void receive_inOneGroup_sharesTheFrames() {
        Running one = receive("--count", "10");
        Running other = receive("--count", "10");
        send(20).ends(0);

        List<String> all = new ArrayList<>(one.ends(0).lines());
        all.addAll(other.ends(0).lines());
        assertThat(all).containsExactlyInAnyOrderElementsOf(numbers(1, 20));
    }

    @Test
    void receive_whenNothingComes_givesUpAfterItsTimeout() {
        assertThat(receive("--timeout", "50ms").ends(1).cli.err())
                .contains("SLC-108", "destination \"orders\"", "50 ms");
    }

    @Test
    void send_withUsers_isReceivedByThemAndNobodyElse(@TempDir Path folder) throws IOException {
        Path users = folder.resolve("users.yaml");
        Files.writeString(
                users,
                "users:\n  ann:\n    secret: "
                        + SecretHash.of("open sesame", 1000).text()
                        + "\n    may: [{prefix: orders, verbs: [receive]}]\n");
        Running sender = send(3, "--users", users.toString());

        assertThat(receive("--token", "ann:close sesame").ends(4).cli.err()).contains("SLC-40");
        assertThat(receive("--count", "3").ends(4).lines()).isEmpty();
        assertThat(receive("--token", "ann:open sesame", "--count", "3").ends(0).lines())
                .isEqualTo(numbers(1, 3));
        sender.ends(0);
    }

    @Test
    void send_withUsersThatCannotBeRead_isTold(@TempDir Path folder) {
        assertThat(send(3, "--users", folder.resolve("none").toString())
                        .ends(1)
                        .cli
                        .err())
                .contains("SLC-110", "none");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "receive | give the NAME of a channel, or --destination",
                "receive news --destination orders | give the NAME of a channel, or --destination",
                "receive news --directory memory:x | --directory and --expiry go with --destination",
                "receive news --expiry 1m | --directory and --expiry go with --destination",
                "receive --destination orders --hub tcp://127.0.0.1:1 | no --hub",
                "receive --destination orders --listen latest | no --listen",
                "receive --destination orders --count 0 | --count must be 1 or more",
                "send | give the NAME of a channel, or --destination",
                "send news tea --destination orders | --destination needs no hub and no channel",
                "send --destination orders --hub tcp://127.0.0.1:1 | --destination needs no hub",
                "send --destination orders --as web | --as",
                "send --destination orders tea --raw | leave TEXT or --raw out",
                "send news tea --at 127.0.0.1:0 | --at, --advertise, --users, --allow-remote and --directory go with --destination",
                "send news tea --directory memory:x | --at, --advertise, --users, --allow-remote and --directory go with --destination",
                "send --destination orders tea --at 127.0.0.1:70000 | --at: ",
                "send --destination orders tea --at [::1 | --at: ",
                "send news tea --users none | --at, --advertise, --users, --allow-remote and --directory go with --destination",
                "send --destination orders tea --at 10.0.0.1:0 | --users, or --allow-remote",
                "send --destination orders tea --tls-ca none | give --tls-cert and --tls-key too",
                "send --destination orders tea --tls-cert none | --tls-cert and --tls-key go together",
                "send --destination orders tea --token a:b | --token",
                "send --destination orders tea --advertise a:b:c | --advertise: ",
                "send --destination orders tea --at 0.0.0.0:0 | with --advertise",
            })
    void wrongCall_isAUsageError(String line, String why) {
        Running wrong = new Running("", line.split(" ")).ends(2);
        assertThat(wrong.cli.err()).contains(why);
        assertThat(wrong.lines()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"send", "receive"})
    void directory_missingOrUnknown_isTold(String command) {
        environment.clear();
        assertThat(new Running("", command, "--destination", NAME).ends(2).cli.err())
                .contains("--directory URL", "SLUICE_DIRECTORY");

        assertThat(new Running("", command, "--destination", NAME, "--directory", "nowhere:")
                        .ends(1)
                        .cli
                        .err())
                .contains("SLC-110", "flag --directory", "no directory engine for nowhere");

        environment.put("SLUICE_DIRECTORY", "nowhere:");
        assertThat(new Running("", command, "--destination", NAME, "--json")
                        .ends(1)
                        .cli
                        .err())
                .contains("\"code\":\"SLC-110\"", "environment SLUICE_DIRECTORY");
    }

    @Test
    void send_whereSomebodyElseListens_saysSo() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String at = "127.0.0.1:" + taken.getLocalPort();
            assertThat(new Running("", "send", "--destination", NAME, "tea", "--at", at)
                            .ends(1)
                            .cli
                            .err())
                    .contains("SLC-", String.valueOf(taken.getLocalPort()));
        }
        assertThat(directory.destinations().watch(NAME).blockFirst(PATIENCE)).isEmpty();
    }
}
