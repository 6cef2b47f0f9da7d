package dev.sluice.rsocket.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** Users and tokens that are fixed. */
class FixedAuthenticatorTest {

    private final Authenticator authenticator = Authenticator.fixed()
            .user("anna", "p\u00e4ss", "ops")
            .user("bert", "other")
            .token("t0ken", "robot", "dev")
            .build();

    @Test
    void rightCredentials_tellWhoItIs() {
        assertThat(authenticator
                        .authenticate(Credentials.simple("anna", "p\u00e4ss"))
                        .block())
                .isEqualTo(Identity.of("anna", "ops"));
        assertThat(authenticator.authenticate(Credentials.bearer("t0ken")).block())
                .isEqualTo(Identity.of("robot", "dev"));
    }

    @Test
    void wrongCredentials_tellNothing() {
        assertUnknown(Credentials.simple("anna", "other"));
        assertUnknown(Credentials.simple("annap", "\u00e4ss"));
        assertUnknown(Credentials.simple("", "t0ken"));
        assertUnknown(Credentials.simple("nobody", ""));
        assertUnknown(Credentials.bearer("t0ke"));
        assertUnknown(Credentials.bearer("t0ken "));
        assertUnknown(Credentials.bearer(""));
        assertUnknown(Credentials.bearer("p\u00e4ss"));
    }

    private void assertUnknown(Credentials credentials) {
        assertThat(authenticator.authenticate(credentials).blockOptional()).isEmpty();
    }

    @Test
    void emptySecret_isRefusedWhenItIsSet() {
        assertThatThrownBy(() -> Authenticator.fixed().user("anna", "")).hasMessageContaining("password");
        assertThatThrownBy(() -> Authenticator.fixed().token("", "robot")).hasMessageContaining("token");
    }

    @Test
    void texts_showNoSecret() {
        assertThat(authenticator.toString()).doesNotContain("t0ken", "other", "anna");
        assertThat(Credentials.bearer("t0ken").toString()).doesNotContain("t0ken");
        assertThat(Credentials.simple("anna", "other").toString()).doesNotContain("other", "anna");
    }
}
