package dev.sluice.rsocket.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.AccessDeniedException;
import dev.sluice.InvalidNameException;
import org.junit.jupiter.api.Test;

/** Rules of who may do what. */
class AccessPolicyTest {

    private static final Identity ANNA = Identity.of("anna", "ops", "dev");
    private static final Identity BERT = Identity.of("bert", "dev");

    private final AccessPolicy policy = AccessPolicy.builder()
            .everyone("public", Verb.LISTEN)
            .role("ops", "*", Verb.ADMIN)
            .role("dev", "builds/*", Verb.SEND, Verb.CALL)
            .identity("bert", "bert", Verb.RECEIVE)
            .build();

    @Test
    void allows_whatOneRuleAllows() {
        assertThat(policy.allows(ANNA, Verb.ADMIN, "any/thing")).isTrue();
        assertThat(policy.allows(BERT, Verb.SEND, "builds/7")).isTrue();
        assertThat(policy.allows(BERT, Verb.CALL, "builds/7/log")).isTrue();
        assertThat(policy.allows(BERT, Verb.RECEIVE, "bert")).isTrue();
        assertThat(policy.allows(Identity.of("nobody"), Verb.LISTEN, "public/news"))
                .isTrue();
    }

    @Test
    void denies_whatNoRuleAllows() {
        assertThat(policy.allows(BERT, Verb.ADMIN, "any/thing")).isFalse();
        assertThat(policy.allows(BERT, Verb.RECEIVE, "builds/7")).isFalse();
        assertThat(policy.allows(ANNA, Verb.RECEIVE, "bert")).isFalse();
        assertThat(policy.allows(BERT, Verb.SEND, "elsewhere")).isFalse();
    }

    @Test
    void prefix_selectsWholeSegments() {
        assertThat(policy.allows(BERT, Verb.SEND, "builds")).isFalse();
        assertThat(policy.allows(BERT, Verb.SEND, "buildsystem")).isFalse();
        assertThat(policy.allows(BERT, Verb.LISTEN, "public")).isTrue();
        assertThat(policy.allows(BERT, Verb.LISTEN, "publicity")).isFalse();
    }

    @Test
    void rule_thatCouldAllowNothing_isRefused() {
        assertThatThrownBy(() -> AccessPolicy.builder().everyone("x")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> AccessPolicy.builder().everyone("/x", Verb.CALL))
                .isInstanceOf(InvalidNameException.class);
    }

    @Test
    void check_ofWhatIsDenied_namesTheVerbAndTheName() {
        Access access = Access.of(BERT, policy);

        access.check(Verb.SEND, "builds/1");
        assertThatThrownBy(() -> access.check(Verb.ADMIN, "builds/1"))
                .isInstanceOf(AccessDeniedException.class)
                .hasMessageContaining("ADMIN")
                .hasMessageContaining("builds/1");
        assertThat(Access.all().allows(Verb.ADMIN, "x")).isTrue();
    }
}
