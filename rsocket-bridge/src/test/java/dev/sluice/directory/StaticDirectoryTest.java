package dev.sluice.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.directory.contract.LookupContract;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.test.StepVerifier;

/** The directory whose instances are fixed. */
class StaticDirectoryTest extends LookupContract {

    private static final Duration TTL = Duration.ofSeconds(3);
    private static final Instance HERE = Instance.of(Scheme.RSOCKET, "here", 7000);

    private final Directory directory = having(Set.of(HERE));

    @Override
    protected Directory having(Set<Instance> instances) {
        return new StaticDirectory(instances);
    }

    @Test
    void everyName_hasAllOfThem() {
        assertThat(directory.instances("anything").block()).containsExactly(HERE);
        assertThat(directory.destinations().watch("anything").blockFirst()).containsExactly(HERE);
        assertThat(directory.services().collectList().block()).isEmpty();
        assertThat(directory.destinations().names().collectList().block()).isEmpty();
    }

    @Test
    void register_isRefused_andSaysWhatToDo() {
        for (var refused : List.of(
                directory.register("s", HERE, TTL), directory.destinations().register("s", HERE, TTL, true))) {
            StepVerifier.create(refused)
                    .expectErrorSatisfies(error -> assertThat(error)
                            .isInstanceOf(UnsupportedOperationException.class)
                            .hasMessageContaining("static")
                            .hasMessageContaining("here:7000")
                            .hasMessageContaining("another engine"))
                    .verify(TTL);
        }
    }

    @Test
    void join_isKnownToNobody_andIsOverWhenItIsWithdrawn() {
        Destinations destinations = directory.destinations();

        Membership member = Objects.requireNonNull(destinations
                .join("orders", "billing", GroupTerms.defaults(), "m1", TTL)
                .block());

        assertThat(member.id()).isEqualTo("m1");
        assertThat(destinations.groups("orders").block()).isEmpty();
        assertThat(destinations.watchGroups("orders").blockFirst()).isEmpty();
        StepVerifier.create(member.onEnd())
                .then(() -> member.withdraw().block())
                .expectComplete()
                .verify(TTL);
    }

    @Test
    void join_isOverWhenTheDirectoryIsClosed() {
        Membership member = Objects.requireNonNull(directory
                .destinations()
                .join("orders", "billing", GroupTerms.defaults(), "m1", TTL)
                .block());

        StepVerifier.create(member.onEnd())
                .then(() -> directory.close().block())
                .expectComplete()
                .verify(TTL);
    }

    @ParameterizedTest
    @CsvSource({"'', billing, m1, destination", "orders, '', m1, group", "orders, billing, '', member"})
    void join_withANameOutOfBounds_isRefused(String destination, String group, String member, String named) {
        Destinations destinations = directory.destinations();

        assertThatThrownBy(() -> destinations.join(destination, group, GroupTerms.defaults(), member, TTL))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(named);
    }

    @Test
    void join_withATimeToLiveOutOfBounds_isRefused() {
        Destinations destinations = directory.destinations();

        assertThatThrownBy(() -> destinations.join("orders", "billing", GroupTerms.defaults(), "m1", Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ttl");
    }

    @Test
    void join_afterClose_fails() {
        directory.close().block();

        StepVerifier.create(directory.destinations().join("orders", "billing", GroupTerms.defaults(), "m1", TTL))
                .expectError(DirectoryClosedException.class)
                .verify(TTL);
    }
}
