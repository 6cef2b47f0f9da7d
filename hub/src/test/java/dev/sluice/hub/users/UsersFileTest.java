package dev.sluice.hub.users;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.ConfigurationException;
import dev.sluice.rsocket.security.Verb;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UsersFileTest {

    private static final SecretHash OLD = SecretHash.of("open sesame", 1000);
    private static final SecretHash NEW = SecretHash.of("close sesame", 1000);
    private static final List<Grant> SEND = List.of(new Grant("plant/*", Set.of(Verb.SEND)));

    private static final String COMMENTED = String.join(
            "\n",
            "# Kept by the night shift. 😀",
            "users:",
            "    # Ann first.",
            "    ann:",
            "        secret: " + OLD.text() + " # until May",
            "        may:",
            "            # Not the valve.",
            "            - prefix: plant/*",
            "              verbs: [send, receive]",
            "    # Bob second.",
            "    bob: {secret: '" + OLD.text() + "', may: [{prefix: \"*\", verbs: [all]}]} # temp",
            "    # End.",
            "");

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("users.yaml");
    }

    @Test
    void put_intoANewFile_writesWhatUsersReads_forItsOwnerAlone() throws IOException {
        UsersFile.read(file).put("ann", OLD, SEND).put("bob", NEW, null).write();

        assertThat(Files.readString(file))
                .isEqualTo("# Who may use the hub. Secrets are hashes: sluice passwd writes them.\n"
                        + "users:\n"
                        + "  ann:\n"
                        + "    secret: " + OLD.text() + "\n"
                        + "    may:\n"
                        + "      - prefix: plant/*\n"
                        + "        verbs: [send]\n"
                        + "  bob:\n"
                        + "    secret: " + NEW.text() + "\n");
        assertThat(Users.read(file).names()).containsExactly("ann", "bob");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertOnlyTheFileIsThere();
    }

    @Test
    void put_anotherSecret_changesTheHashAndNotAByteElse() throws IOException {
        Files.writeString(file, COMMENTED);

        UsersFile.read(file).put("ann", NEW, null).write();

        String expected = COMMENTED.replaceFirst(
                "[$]1000[$]\\S+", NEW.text().substring("pbkdf2-sha256".length()).replace("$", "\\$"));
        assertThat(Files.readString(file)).isEqualTo(expected);
    }

    @Test
    void put_otherRights_changesThatEntryOnly() throws IOException {
        Files.writeString(file, COMMENTED);

        UsersFile.read(file).put("ann", NEW, SEND).write();

        assertThat(Files.readString(file))
                .isEqualTo(COMMENTED.substring(0, COMMENTED.indexOf("    ann:"))
                        + "    ann:\n      secret: " + NEW.text() + "\n"
                        + "      may:\n        - prefix: plant/*\n          verbs: [send]\n"
                        + COMMENTED.substring(COMMENTED.indexOf("    # Bob second.")));
    }

    @Test
    void put_anotherUser_addsAnEntryBehindTheLast() throws IOException {
        Files.writeString(file, COMMENTED);

        UsersFile.read(file).put("carl", NEW, null).write();

        assertThat(Files.readString(file))
                .isEqualTo(COMMENTED.replace("    # End.", "    carl:\n      secret: " + NEW.text() + "\n    # End."));
    }

    @Test
    void remove_takesThatEntryOnly() throws IOException {
        Files.writeString(file, COMMENTED);

        UsersFile.read(file).remove("nobody").remove("bob").write();

        assertThat(Files.readString(file)).isEqualTo(COMMENTED.replaceFirst("    bob: .*\n", ""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "# nobody yet",
                "users:",
                "users: # nobody yet\n# end",
                "users: {}",
                "users: ~",
                "{users: {bob: {secret: HASH}}}",
                "users: {bob: {secret: HASH, may: []}}",
                "users:\n  bob:\n    secret: >-\n      HASH\n  eve: {secret: HASH}",
                "users:\n  bob:\n    may:\n      -\n        prefix: a\n        verbs:\n        - send\n    secret: \"HASH\"",
                "users:\r\n  bob:\r\n    secret: HASH\r\n",
                "? users\n: bob: {secret: HASH}",
                "\ufeffusers:\n  bob:\n    secret: HASH\n",
            })
    void everyWayToWriteAFile_canBeChanged(String before) throws IOException {
        Files.writeString(file, before.replace("HASH", OLD.text()));
        UsersFile read = UsersFile.read(file);
        List<String> others =
                read.names().stream().filter(name -> !name.equals("bob")).toList();

        UsersFile changed = read.put("ann", NEW, SEND).put("bob", NEW, SEND).put("bob", OLD, null);

        assertThat(changed.names()).containsAll(others).contains("ann", "bob");
        assertThat(changed.may("bob")).isEqualTo(SEND);
        changed.remove("ann").write();
        assertThat(UsersFile.read(file).names())
                .containsAll(others)
                .contains("bob")
                .doesNotContain("ann");
        assertThat(UsersFile.read(file).remove("bob").names()).isEqualTo(others);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "~",
                "7",
                "<<",
                "a b",
                "#a",
                "-",
                "'",
                "\"",
                "\\",
                "ünal",
                "a@b.example",
                "{a}",
                "😀",
                "&a",
                "*"
            })
    void names_ofAllKinds_areReadAsTheyWereWritten(String name) {
        UsersFile changed =
                UsersFile.read(file).put(name, OLD, null).put("ann", OLD, null).put(name, NEW, SEND);

        assertThat(changed.names()).containsExactly(name, "ann");
        assertThat(changed.may(name)).isEqualTo(SEND);
        assertThat(changed.remove(name).names()).containsExactly("ann");
    }

    @Test
    void put_ofANameThatCannotBe_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> UsersFile.read(file).put("a:b", OLD, null))
                .withMessageContaining("has a colon");
    }

    @Test
    void write_keepsModeAndLink_andLeavesNothingBehind() throws IOException {
        Path real = Files.writeString(folder.resolve("real.yaml"), COMMENTED);
        Files.setPosixFilePermissions(real, PosixFilePermissions.fromString("rw-r-----"));
        Files.createSymbolicLink(file, real);

        UsersFile changed = UsersFile.read(file).remove("bob");
        assertThat(Files.readString(real)).isEqualTo(COMMENTED);
        changed.write();

        assertThat(file).isSymbolicLink();
        assertThat(Users.read(real).names()).containsExactly("ann");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(real)))
                .isEqualTo("rw-r-----");
        assertThat(changed.isReadByOthers()).isTrue();
        assertThat(folder).isDirectoryNotContaining("glob:**/.*");
    }

    @Test
    void write_whereItCannot_saysWhy_andLeavesTheFile() throws IOException {
        Path lost = folder.resolve("missing").resolve("users.yaml");
        assertThatThrownBy(() -> UsersFile.read(lost).put("ann", OLD, null).write())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("the folder " + lost.getParent() + " does not exist");

        String full = COMMENTED + "#".repeat((1 << 20) - 100 - COMMENTED.length());
        Files.writeString(file, full);
        assertThatThrownBy(() -> UsersFile.read(file).put("carl", OLD, null).write())
                .hasMessageContaining("would be longer than 1 MiB");
        assertThat(Files.readString(file)).isEqualTo(full);
        assertOnlyTheFileIsThere();
    }

    @Test
    void grant_readsAndWritesTheSame() {
        assertThat(Grant.parse("send,receive@plant/*").toString()).isEqualTo("send,receive@plant/*");
        assertThat(Grant.parse("all@*")).isEqualTo(new Grant("*", EnumSet.allOf(Verb.class)));
        assertThat(Grant.parse("all@*").words()).containsExactly("all");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Grant.parse("send"))
                .withMessageContaining("has no @");
        assertThatIllegalArgumentException().isThrownBy(() -> Grant.parse("@a")).withMessageContaining("unknown verb");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Grant.parse("send@"))
                .withMessageContaining("is empty");
    }

    private void assertOnlyTheFileIsThere() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }
}
