package dev.sluice.hub.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.hub.users.Grant;
import dev.sluice.hub.users.SecretHash;
import dev.sluice.hub.users.Users;
import dev.sluice.hub.users.UsersFile;
import dev.sluice.rsocket.security.Credentials;
import dev.sluice.rsocket.security.Identity;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class PasswdCommandTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final Deque<String> typed = new ArrayDeque<>();
    private final List<String> questions = new ArrayList<>();

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("users.yaml");
    }

    @Test
    void stdin_addsAUser_whoComesInWithTheFirstLine() throws IOException {
        assertThat(passwd("open: sesame\nmore\n", "ann", "--may", "send,receive@plant/*", "--may", "all@*"))
                .isZero();

        assertThat(comesIn("ann", "open: sesame")).isTrue();
        assertThat(UsersFile.read(file).may("ann"))
                .containsExactly(Grant.parse("send,receive@plant/*"), Grant.parse("all@*"));
        assertThat(out.toString()).isEqualTo("added ann in " + file + System.lineSeparator());
        assertThat(err.toString()).isEmpty();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void registeredCommand_hashesWithTheIterationsOfToday() throws IOException {
        assertThat(execute(Main.commandLine(), "open sesame\r\n", "ann", "--stdin"))
                .isZero();

        assertThat(Files.readString(file))
                .contains("secret: pbkdf2-sha256$600000$")
                .doesNotContain("open sesame");
        assertThat(comesIn("ann", "open sesame")).isTrue();
    }

    @Test
    void withoutMay_aNewUserMayNothing_whichIsSaid_andOneWhoIsThereKeepsItsRights() {
        assertThat(passwd("open sesame\n", "ann")).isZero();
        assertThat(err.toString()).contains("hint: ann may nothing yet: give rights with --may");

        assertThat(passwd("open sesame\n", "ann", "--may", "send@a", "--may", "call@b"))
                .isZero();
        assertThat(passwd("close sesame\n", "ann")).isZero();

        assertThat(UsersFile.read(file).may("ann")).containsExactly(Grant.parse("send@a"), Grant.parse("call@b"));
        assertThat(comesIn("ann", "close sesame")).isTrue();
        assertThat(comesIn("ann", "open sesame")).isFalse();
        assertThat(out.toString()).endsWith("changed ann in " + file + System.lineSeparator());

        assertThat(passwd("close sesame\n", "ann", "--may", "listen@c")).isZero();
        assertThat(UsersFile.read(file).may("ann")).containsExactly(Grant.parse("listen@c"));
    }

    @Test
    void terminal_isAskedTwice() {
        typed.addAll(List.of("open sesame", "open sesame"));

        assertThat(passwd("never read", "ann")).isZero();

        assertThat(questions).containsExactly("Secret for ann: ", "Again: ");
        assertThat(comesIn("ann", "open sesame")).isTrue();
    }

    @Test
    void terminal_withTwoAnswers_changesNothing() {
        typed.addAll(List.of("open sesame", "open sesami"));

        assertThat(passwd("", "ann")).isEqualTo(1);

        assertThat(err.toString()).contains("the two secrets are not the same; nothing was changed");
        assertThat(err.toString()).doesNotContain("sesam");
        assertThat(file).doesNotExist();
    }

    @Test
    void stdinAtATerminal_asksNobody() {
        typed.add("open sesame");

        assertThat(passwd("close sesame", "ann", "--stdin")).isZero();

        assertThat(questions).isEmpty();
        assertThat(comesIn("ann", "close sesame")).isTrue();
    }

    @Test
    void generate_printsA256BitSecretAlone_once() throws IOException {
        typed.add("open sesame");

        assertThat(passwd("", "ann", "--generate", "--may", "send@a")).isZero();

        String secret = out.toString().strip();
        assertThat(secret).matches("[A-Za-z0-9_-]{43}");
        assertThat(comesIn("ann", secret)).isTrue();
        assertThat(questions).isEmpty();
        assertThat(err.toString()).isEqualTo("added ann in " + file + System.lineSeparator());
        assertThat(Files.readString(file)).doesNotContain(secret);

        String first = secret;
        out.getBuffer().setLength(0);
        assertThat(passwd("", "ann", "--generate")).isZero();
        assertThat(out.toString().strip()).isNotEqualTo(first);
    }

    @Test
    void json_saysWhatWasDone() throws IOException {
        passwd("", "ann", "--generate", "--json", "--may", "call,send@plant", "--may", "all@*");
        JsonNode added = json();
        assertThat(comesIn("ann", added.path("secret").textValue())).isTrue();
        assertThat(added)
                .isEqualTo(new ObjectMapper()
                        .readTree("{\"user\":\"ann\",\"action\":\"added\",\"file\":\"" + file + "\",\"may\":["
                                + "{\"prefix\":\"plant\",\"verbs\":[\"send\",\"call\"]},{\"prefix\":\"*\",\"verbs\":[\"all\"]}],"
                                + "\"secret\":" + added.path("secret") + "}"));

        passwd("open sesame", "ann", "--json");
        JsonNode changed = json();
        assertThat(changed.path("action").textValue()).isEqualTo("changed");
        assertThat(changed.has("secret")).isFalse();

        passwd("", "ann", "--json", "--remove");
        assertThat(json().toString()).isEqualTo("{\"user\":\"ann\",\"action\":\"removed\",\"file\":\"" + file + "\"}");
    }

    @Test
    void remove_takesTheUserOut_and3SaysThatThereIsNone() {
        passwd("open sesame", "ann", "--may", "send@a");
        passwd("open sesame", "bob", "--may", "send@b");

        assertThat(passwd("", "ann", "--remove")).isZero();
        assertThat(UsersFile.read(file).names()).containsExactly("bob");
        assertThat(err.toString()).isEmpty();

        assertThat(passwd("", "ann", "--remove")).isEqualTo(3);
        assertThat(err.toString()).contains("has no user \"ann\"; nothing was changed");

        assertThat(passwd("", "bob", "--remove")).isZero();
        assertThat(err.toString()).contains("hint: no user is left: a hub refuses to start with this file");
    }

    @ParameterizedTest
    @CsvSource({
        "'', there is no secret: standard input is empty",
        "'\n', 'a secret must have 8 to 1024 characters, this one has 0'",
        "1234567, 'a secret must have 8 to 1024 characters, this one has 7'",
        "1234567\u001b8, control characters",
        "1234567\ufffe8, is not UTF-8",
    })
    void badSecret_exits1_andChangesNothing(String input, String message) {
        byte[] bytes = input.getBytes(StandardCharsets.UTF_8);
        if (input.indexOf('\ufffe') >= 0) {
            bytes[7] = (byte) 0xff;
        }
        assertThat(execute(commandLine(), bytes, "ann")).isEqualTo(1);

        assertThat(err.toString())
                .contains(message)
                .contains("nothing was changed")
                .doesNotContain("1234567");
        assertThat(file).doesNotExist();
    }

    @Test
    void longLine_isNoSecret() {
        assertThat(passwd("x".repeat(1_000_000), "ann")).isEqualTo(1);

        assertThat(err.toString()).contains("too long for a secret");
    }

    @Test
    void badFile_exits1_beforeAnybodyIsAsked() throws IOException {
        Files.writeString(file, "user:\n");
        typed.add("open sesame");

        assertThat(passwd("", "ann")).isEqualTo(1);

        assertThat(err.toString()).contains(file + ":1: unknown key \"user\": did you mean \"users\"?");
        assertThat(questions).isEmpty();
        assertThat(file).hasContent("user:\n");
    }

    @Test
    void fileOthersCanRead_isHintedAt() throws IOException {
        passwd("open sesame", "ann", "--may", "send@a");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

        assertThat(passwd("open sesame", "ann")).isZero();

        assertThat(err.toString()).contains("hint: others than its owner can read " + file + ": chmod 600 " + file);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ann --may sned@a | unknown verb \"sned\": did you mean \"send\"?",
                "ann --may send | \"send\" has no @: write VERBS@PREFIX",
                "ann --may send@ | the prefix is empty",
                "ann --may send@a//b | a//b",
                "ann --may | --may",
                "a:b | the name \"a:b\" has a colon",
                "ann --remove --generate | --remove goes with none of",
                "ann --remove --stdin | --remove goes with none of",
                "ann --remove --may send@a | --remove goes with none of",
                "ann --generate --stdin | leave one out",
                "ann --remov | Unknown option: '--remov'",
                "ann bob | Unmatched argument",
            })
    void wrongUsage_exits2_withTheUsage_andChangesNothing(String arguments, String message) {
        assertThat(passwd("open sesame", arguments.strip().split(" "))).isEqualTo(2);

        assertThat(err.toString()).contains(message.strip()).contains("Usage: sluice passwd");
        assertThat(out.toString()).isEmpty();
        assertThat(file).doesNotExist();
    }

    @Test
    void emptyName_andMissingArguments_areWrongUsage() {
        assertThat(passwd("open sesame", "")).isEqualTo(2);
        assertThat(err.toString()).contains("the name of a user is empty");
        assertThat(commandLine().execute("passwd", "--users", file.toString())).isEqualTo(2);
        assertThat(err.toString()).contains("Missing required parameter: 'NAME'");
        assertThat(commandLine().execute("passwd", "ann")).isEqualTo(2);
        assertThat(err.toString()).contains("Missing required option: '--users=FILE'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "-h"})
    void help_hasExamplesThatFitATerminal(String option) {
        assertThat(commandLine().execute("passwd", option)).isZero();

        assertThat(out.toString())
                .contains("Examples:")
                .contains("sluice passwd ann --users users.yaml --may 'send,receive@plant/*'" + System.lineSeparator())
                .contains("printf '%s\\n' \"$SECRET\" | sluice passwd ann --users users.yaml --stdin")
                .contains("3   there is no such user to remove");
    }

    private int passwd(String input, String... arguments) {
        return execute(commandLine(), input, arguments);
    }

    private int execute(CommandLine main, String input, String... arguments) {
        return execute(main, input.getBytes(StandardCharsets.UTF_8), arguments);
    }

    private int execute(CommandLine main, byte[] input, String... arguments) {
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream(input));
        try {
            main.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
            return main.execute(Stream.concat(Stream.of("passwd", "--users", file.toString()), Stream.of(arguments))
                    .toArray(String[]::new));
        } finally {
            System.setIn(before);
        }
    }

    private CommandLine commandLine() {
        CommandLine main =
                Main.commandLine(Stream.of(() -> new PasswdCommand(this::ask, secret -> SecretHash.of(secret, 1000))));
        return main.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    }

    private char @Nullable [] ask(String question) {
        if (typed.isEmpty()) {
            return null;
        }
        questions.add(question);
        return typed.remove().toCharArray();
    }

    private boolean comesIn(String name, String secret) {
        var authenticator = Users.read(file).authenticator();
        try {
            return Identity.of(name)
                    .equals(authenticator
                            .authenticate(Credentials.bearer(name + ":" + secret))
                            .block(Duration.ofSeconds(30)));
        } finally {
            authenticator.dispose();
        }
    }

    private JsonNode json() throws IOException {
        JsonNode object = new ObjectMapper().readTree(out.toString());
        out.getBuffer().setLength(0);
        return object;
    }
}
