package dev.sluice.hub.users;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.ConfigurationException;
import dev.sluice.rsocket.security.AccessPolicy;
import dev.sluice.rsocket.security.Identity;
import dev.sluice.rsocket.security.Verb;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class UsersTest {

    private static final String HASH = SecretHash.of("open sesame", 1000).text();
    private static final String ANN = "users:\n  ann:\n    secret: " + HASH + "\n";

    @TempDir
    private Path folder;

    @Test
    void parse_readsNamesInOrder() {
        Users users =
                Users.parse(ANN + "  \"O'Hara, Bob\": {secret: " + HASH + "}\n  null: {secret: " + HASH + "}\n", "f");

        assertThat(users.names()).containsExactly("ann", "O'Hara, Bob", "null");
        assertThat(users).hasToString("Users[ann, O'Hara, Bob, null]");
    }

    @Test
    void policy_allowsWhatTheFileSays_andNothingElse() {
        AccessPolicy policy = Users.parse(
                        ANN + "    may:\n      - prefix: plant/*\n        verbs: [send, receive]\n"
                                + "      - {prefix: status, verbs: [call]}\n"
                                + "  root:\n    secret: " + HASH + "\n    may: [{prefix: \"*\", verbs: [all]}]\n"
                                + "  idle:\n    secret: " + HASH + "\n    may:\n",
                        "f")
                .policy();

        Identity ann = Identity.of("ann");
        assertThat(policy.allows(ann, Verb.SEND, "plant/7")).isTrue();
        assertThat(policy.allows(ann, Verb.RECEIVE, "plant/7/valve")).isTrue();
        assertThat(policy.allows(ann, Verb.LISTEN, "plant/7")).isFalse();
        assertThat(policy.allows(ann, Verb.SEND, "plant")).isFalse();
        assertThat(policy.allows(ann, Verb.CALL, "status")).isTrue();
        assertThat(policy.allows(ann, Verb.CALL, "plant/7")).isFalse();
        for (Verb verb : Verb.values()) {
            assertThat(policy.allows(Identity.of("root"), verb, "anything")).isTrue();
            assertThat(policy.allows(Identity.of("idle"), verb, "anything")).isFalse();
            assertThat(policy.allows(Identity.of("nobody"), verb, "anything")).isFalse();
            assertThat(policy.allows(Identity.ANONYMOUS, verb, "anything")).isFalse();
        }
    }

    static Stream<Arguments> badTexts() {
        String may = ANN + "    may:\n      - ";
        return Stream.of(
                Arguments.of("", "users.yaml: has no users"),
                Arguments.of("# nobody\n", "users.yaml: has no users"),
                Arguments.of("users:\n", "users.yaml: has no users"),
                Arguments.of("users: {}\n", "users.yaml: has no users"),
                Arguments.of("{}\n", "users.yaml:1: has no key \"users\""),
                Arguments.of("- ann\n", "users.yaml:1: the file must be keys with values: users"),
                Arguments.of(
                        "users:\n  - ann\n", "users.yaml:2: \"users\" must be keys with values, the names of users"),
                Arguments.of("user:\n", "users.yaml:1: unknown key \"user\": did you mean \"users\"?"),
                Arguments.of(
                        ANN.replace("secret", "secrets"),
                        "users.yaml:3: user \"ann\": unknown key \"secrets\": did you mean \"secret\"? Known: secret, may"),
                Arguments.of("users:\n  ann:\n    may: []\n", "users.yaml:2: user \"ann\": secret is missing"),
                Arguments.of("users:\n  ann:\n    secret:\n", "users.yaml:3: user \"ann\": secret is empty"),
                Arguments.of("users:\n  ann:\n    secret: [a]\n", "user \"ann\": secret must be one word"),
                Arguments.of(
                        "users:\n  ann:\n    secret: hunter2\n", "users.yaml:3: user \"ann\": secret: is not a hash"),
                Arguments.of(
                        "users:\n  ann: hunter2\n", "users.yaml:2: user \"ann\": the entry must be keys with values"),
                Arguments.of(
                        ANN + "  ann:\n    secret: " + HASH, "users.yaml:4: \"ann\" is there twice, first in line 2"),
                Arguments.of(
                        ANN + "    secret: " + HASH,
                        "users.yaml:4: user \"ann\": \"secret\" is there twice, first in line 3"),
                Arguments.of("users:\n  \"\": {secret: x}", "users.yaml:2: user \"\": the name of a user is empty"),
                Arguments.of("users:\n  a:b: {secret: x}", "user \"a:b\": the name \"a:b\" has a colon"),
                Arguments.of("users:\n  \"a\\nb\": {secret: x}", "the name \"a\\u000ab\" has control or invisible"),
                Arguments.of("users:\n  \"a\\u202eb\": {secret: x}", "the name \"a\\u202eb\" has control or invisible"),
                Arguments.of("users:\n  \" a\": {secret: x}", "the name \" a\" begins or ends with a space"),
                Arguments.of("users:\n  " + "a".repeat(257) + ": {secret: x}", "at most 256 characters, has 257"),
                Arguments.of(ANN + "    may: send\n", "users.yaml:4: user \"ann\": may must be a list"),
                Arguments.of(
                        may + "send\n", "users.yaml:5: user \"ann\": may[0] must be keys with values: prefix, verbs"),
                Arguments.of(may + "prefix: a\n", "users.yaml:5: user \"ann\": may[0]: verbs is missing"),
                Arguments.of(may + "verbs: [send]\n", "users.yaml:5: user \"ann\": may[0]: prefix is missing"),
                Arguments.of(may + "verb: [send]\n", "user \"ann\": unknown key \"verb\": did you mean \"verbs\"?"),
                Arguments.of(may + "{prefix: a, verbs: []}\n", "user \"ann\": may[0]: no verb for \"a\""),
                Arguments.of(may + "{prefix: a, verbs: send}\n", "user \"ann\": may[0].verbs must be a list"),
                Arguments.of(
                        may + "prefix: a\n        verbs: [send]\n      - prefix: b\n        verbs:\n          - call\n"
                                + "          - recieve\n",
                        "users.yaml:10: user \"ann\": may[1].verbs: unknown verb \"recieve\": did you mean \"receive\"?"
                                + " Known: send, receive, listen, call, admin, all"),
                Arguments.of(may + "{prefix: a, verbs: [SEND]}\n", "unknown verb \"SEND\": did you mean \"send\"?"),
                Arguments.of(may + "{prefix: a, verbs: [juggle]}\n", "unknown verb \"juggle\". Known: send"),
                Arguments.of(may + "{prefix: \"\", verbs: [send]}\n", "may[0]: the prefix is empty: write * for all"),
                Arguments.of(may + "{prefix: a//b, verbs: [send]}\n", "users.yaml:5: user \"ann\": may[0]: "),
                Arguments.of(may + "prefix: *\n        verbs: [send]\n", "a prefix that begins with * needs quotes"),
                Arguments.of(may + "prefix: *all\n        verbs: [send]\n", "users.yaml:5: is not YAML: "),
                Arguments.of("users: &all\n  ann: {secret: x}\n", "has an anchor (&)"),
                Arguments.of(ANN + "---\n" + ANN, "is not YAML"),
                Arguments.of("users:\n  ann:\n   secret: 'hunter2\n  bob: x\n", "users.yaml:5: is not YAML"),
                Arguments.of("users: @hunter2\n", "users.yaml:1: is not YAML"),
                Arguments.of("users:\n  ann: \u0007hunter2\n", "is not YAML"),
                Arguments.of("[".repeat(5000), "nested too deeply"));
    }

    @ParameterizedTest
    @MethodSource("badTexts")
    void parse_badText_namesFileLineUserAndField_andNoValue(String text, String message) {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> Users.parse(text, "users.yaml"))
                .withMessageStartingWith("users.yaml:")
                .withMessageContaining(message)
                .satisfies(e -> assertThat(e).hasNoCause().hasMessageNotContaining("hunter2"));
    }

    @Test
    void read_ofAFileThatCannotBe_saysWhy() throws IOException {
        Path file = folder.resolve("users.yaml");
        assertThatThrownBy(() -> Users.read(file))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(file + ": there is no such file; sluice passwd NAME --users " + file + " writes one");
        assertThatThrownBy(() -> Users.read(folder)).hasMessageContaining("it is a folder");

        Files.write(file, new byte[] {'u', (byte) 0xff});
        assertThatThrownBy(() -> Users.read(file)).hasMessage(file + ": is not UTF-8 text");

        Files.writeString(file, ANN + "#".repeat((1 << 20) + 1 - ANN.length()));
        assertThatThrownBy(() -> Users.read(file)).hasMessageContaining("longer than 1 MiB");

        Files.writeString(file, ANN + "#".repeat((1 << 20) - ANN.length()));
        assertThat(Users.read(file).names()).containsExactly("ann");
    }

    @Test
    void read_ofAFileOthersCanRead_warns() throws IOException {
        Path file = Files.writeString(folder.resolve("users.yaml"), ANN);

        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        assertThat(logged(() -> Users.read(file)))
                .contains("WARN")
                .contains("can be read by others than its owner: chmod 600 " + file);

        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        assertThat(logged(() -> Users.read(file))).isEmpty();
    }

    private static String logged(Runnable run) {
        PrintStream before = System.err;
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        System.setErr(new PrintStream(written, true, StandardCharsets.UTF_8));
        try {
            run.run();
        } finally {
            System.setErr(before);
        }
        return written.toString(StandardCharsets.UTF_8);
    }
}
