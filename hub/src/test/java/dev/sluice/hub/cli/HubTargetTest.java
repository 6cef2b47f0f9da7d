package dev.sluice.hub.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.rsocket.transport.TlsOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HubTargetTest {

    private static final Map<String, String> ENVIRONMENT =
            Map.of("SLUICE_HUB", "tcp://environment:1", "SLUICE_TOKEN", "environment:secret");

    @TempDir
    private Path folder;

    private Contexts contexts;

    @BeforeEach
    void begin() {
        contexts = new Contexts(folder.resolve("contexts.json"));
    }

    @Test
    void theFlag_winsOverTheEnvironment_andThatOverTheContext() {
        select("tcp://context:1", "context:secret");

        assertThat(find("tcp://flag:1", "flag:secret", ENVIRONMENT))
                .isEqualTo(new HubTarget(HubUrl.of("tcp://flag:1"), "flag:secret", null));
        assertThat(find(null, null, ENVIRONMENT))
                .isEqualTo(new HubTarget(HubUrl.of("tcp://environment:1"), "environment:secret", null));
        assertThat(find(null, null, Map.of()))
                .isEqualTo(new HubTarget(HubUrl.of("tcp://context:1"), "context:secret", null));
    }

    @Test
    void withNothing_isTheDefault() {
        assertThat(find(null, null, Map.of("SLUICE_HUB", "", "SLUICE_TOKEN", "")))
                .isEqualTo(new HubTarget(HubUrl.of(HubUrl.DEFAULT), null, null));
    }

    @Test
    void theTokenOfAContext_isShownToNoOtherHub() {
        select("tcp://context:1", "context:secret");

        assertThat(find("tcp://flag:1", null, Map.of()).token()).isNull();
        assertThat(find(null, null, Map.of("SLUICE_HUB", "tcp://environment:1")).token())
                .isNull();
    }

    @Test
    void aToken_mayBeOfElsewhereThanTheAddress() {
        select("tcp://context:1", "context:secret");

        assertThat(find(null, "flag:secret", Map.of()))
                .isEqualTo(new HubTarget(HubUrl.of("tcp://context:1"), "flag:secret", null));
        assertThat(find(null, null, Map.of("SLUICE_TOKEN", "environment:secret"))
                        .token())
                .isEqualTo("environment:secret");
    }

    @Test
    void aBrokenFile_disturbsOnlyThoseWhoNeedIt() throws IOException {
        Files.writeString(contexts.file(), "{");

        assertThat(find("tcp://flag:1", null, Map.of()).url().host()).isEqualTo("flag");
        assertThatThrownBy(() -> find(null, null, Map.of()))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining(contexts.file().toString());
    }

    @Test
    void aTokenWithoutASecret_andCertificatesWithoutTls_areRefused() {
        assertThatThrownBy(() -> find(null, "ann", Map.of())).hasMessageContaining("NAME:SECRET");
        assertThatThrownBy(() -> HubTarget.find(
                        "tcp://flag:1", null, TlsOptions.builder().build(), Map.of(), contexts))
                .hasMessageContaining("tls://");
    }

    @Test
    void itsWords_areWithoutTheToken() {
        assertThat(find("tcp://flag:1", "flag:secret", Map.of())).hasToString("tcp://flag:1");
    }

    private void select(String url, String token) {
        contexts.write(new Contexts.Saved("it", Map.of("it", new Contexts.Context(url, token))));
    }

    private HubTarget find(@Nullable String url, @Nullable String token, Map<String, String> environment) {
        return HubTarget.find(url, token, null, environment, contexts);
    }
}
