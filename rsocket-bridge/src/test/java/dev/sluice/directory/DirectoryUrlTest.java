package dev.sluice.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.ConfigurationException;
import dev.sluice.DirectoryUnavailableException;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.test.StepVerifier;

/** Directories by URL. */
class DirectoryUrlTest {

    private static final Duration TTL = Duration.ofSeconds(10);
    private static final Instance HERE = Instance.of(Scheme.RSOCKET, "here", 7000);

    @Test
    void memory_ofOneName_isShared() {
        Directory first = Directory.open("memory:shared");
        Directory second = Directory.open("memory:shared");
        Directory another = Directory.open("memory:another");
        first.register("s", HERE, TTL).block();

        assertThat(second.instances("s").block()).containsExactly(HERE);
        assertThat(another.instances("s").block()).isEmpty();
        first.close().block();
        second.close().block();
        another.close().block();
    }

    @Test
    void memory_withoutAName_isNobodyElses() {
        Directory first = Directory.open("memory:");
        first.register("s", HERE, TTL).block();

        assertThat(Directory.open("memory:").instances("s").block()).isEmpty();
        first.close().block();
    }

    @Test
    void static_hasTheInstancesOfItsUrlForEveryService() {
        Directory directory = Directory.open("static:one:7000,[::1]:7001?scheme=ws");

        StepVerifier.create(directory.watch("anything"))
                .expectNext(Set.of(
                        Instance.of(Scheme.WS, "one", 7000),
                        Instance.of(Scheme.WS, "::1", 7001).withId("[::1]:7001")))
                .then(() -> directory.close().block())
                .expectError(DirectoryUnavailableException.class)
                .verify(TTL);
    }

    @Test
    void static_takesNoRegistrations() {
        StepVerifier.create(Directory.open("static:one:7000").register("s", HERE, TTL))
                .expectErrorSatisfies(error -> assertThat(error)
                        .isInstanceOf(UnsupportedOperationException.class)
                        .hasMessageContaining("static"))
                .verify(TTL);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "static:",
                "static:one",
                "static:one:x",
                "static:one:0",
                "static:one:7000,",
                "static::7000",
                "static:one:7000?scheme=http",
                "static:one:7000?ttl=1",
                "memory:x?ttl=1"
            })
    void badUrl_isRefusedAndNamesTheEngine(String url) {
        assertThatThrownBy(() -> Directory.open(url))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(url.substring(0, url.indexOf(':')));
    }

    @Test
    void unknownEngine_isRefusedWithThoseThereAre() {
        assertThatThrownBy(() -> Directory.open("consul:x"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("consul")
                .hasMessageContaining("memory:, static:");
        assertThatThrownBy(() -> Directory.open("etcd:host:2379")).hasMessageContaining("dev.sluice:sluice-etcd");
    }

    @Test
    void instance_checksWhatItIsMadeOf() {
        assertThatThrownBy(() -> Instance.of(Scheme.RSOCKET, "x", 70_000)).hasMessageContaining("port");
        assertThatThrownBy(() -> HERE.withWeight(0)).hasMessageContaining("weight");
        assertThatThrownBy(() -> HERE.withId("")).hasMessageContaining("id");
        assertThat(HERE).hasToString("here:7000 at rsocket://here:7000");
    }
}
