package dev.sluice.hub.users;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretHashTest {

    private static final String SALT = "AAECAwQFBgcICQoLDA0ODw==";
    private static final String HASH = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

    @Test
    void matches_onlyTheSecretItWasMadeOf() {
        SecretHash hash = SecretHash.of("open sesame", 1000);

        assertThat(hash.matches("open sesame")).isTrue();
        assertThat(hash.matches("open Sesame")).isFalse();
        assertThat(hash.matches("")).isFalse();
    }

    /** Made with Python's hashlib.pbkdf2_hmac("sha256", "pässwörd€😀".encode(), bytes(range(16)), 1000). */
    @Test
    void matches_whatOtherProgramsMake() {
        SecretHash hash =
                SecretHash.parse("pbkdf2-sha256$1000$" + SALT + "$Guqq6h98HOjervvdqP0Putoj0H65AsLJ+zQeOKrsU6Y=");

        assertThat(hash.matches("pässwörd€😀")).isTrue();
    }

    @Test
    void of_saltsEachHash_andUsesTheIterationsOfToday() {
        assertThat(SecretHash.of("open sesame", 1000).text())
                .isNotEqualTo(SecretHash.of("open sesame", 1000).text());
        assertThat(SecretHash.of("open sesame").text()).startsWith("pbkdf2-sha256$600000$");
    }

    @Test
    void parse_readsWhatTextWrites() {
        SecretHash hash = SecretHash.of("open sesame", 1234);

        assertThat(SecretHash.parse(hash.text())).isEqualTo(hash).hasSameHashCodeAs(hash);
        assertThat(SecretHash.parse(hash.text()).matches("open sesame")).isTrue();
    }

    @Test
    void toString_showsNeitherSaltNorHash() {
        assertThat(SecretHash.of("open sesame", 1000)).hasToString("pbkdf2-sha256$1000$…");
    }

    @ParameterizedTest
    @CsvSource({
        "999, 'iterations must be 1000 to 10000000, was 999'",
        "10000001, 'iterations must be 1000 to 10000000, was 10000001'",
        "99999999999, was 99999999999",
        "-1000, was not a number",
        "'', was not a number",
    })
    void parse_iterationsOutOfBounds_areRefused(String iterations, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SecretHash.parse("pbkdf2-sha256$" + iterations + "$" + SALT + "$" + HASH))
                .withMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource({
        "scrypt$16384$8$1$c2FsdA==$aGFzaA==, scrypt",
        "pbkdf2-sha512$210000$c2FsdA==$aGFzaA==, pbkdf2-sha512",
        "$2b$12$abcdefghijklmnopqrstuv, 2b",
        "$argon2id$v=19$m=65536, argon2id",
        "{SSHA}abcdef, SSHA",
        "$6$salt$hash, 6",
    })
    void parse_otherSchemes_areRefusedByName(String text, String scheme) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SecretHash.parse(text))
                .withMessageContaining("the scheme \"" + scheme + "\" are not known");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hunter2hunter2",
                "hunter2$hunter2",
                "pbkdf2-sha256",
                "pbkdf2-sha256$hunter2",
                "pbkdf2-sha256$1000$hunter2$hunter2$",
                "pbkdf2-sha256$hunter2$" + SALT + "$" + HASH,
                "pbkdf2-sha256$1000$hunter2!$" + HASH,
                "pbkdf2-sha256$1000$hunter2A$" + HASH,
                "pbkdf2-sha256$1000$" + SALT + "$hunter2A",
                "pbkdf2-sha256$1000$" + SALT + "$hunter2!",
                "pbkdf2-sha256$1000$$" + HASH,
            })
    void parse_whatIsNoHash_isRefused_withoutRepeatingIt(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SecretHash.parse(text))
                .withMessageNotContaining("hunter2")
                .withNoCause();
    }

    @Test
    void of_badSecrets_areRefused_withoutRepeatingThem() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SecretHash.of("1234567", 1000))
                .withMessage("a secret must have 8 to 1024 characters, this one has 7");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SecretHash.of("x".repeat(1025), 1000))
                .withMessageContaining("this one has 1025");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SecretHash.of("12345678\u001b[A", 1000))
                .withMessageContaining("control characters")
                .withMessageNotContaining("12345678");
        assertThat(SecretHash.of("😀".repeat(1024), 1000).matches("😀".repeat(1024)))
                .isTrue();
    }
}
