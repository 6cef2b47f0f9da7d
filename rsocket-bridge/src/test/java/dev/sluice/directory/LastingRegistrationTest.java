package dev.sluice.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.sluice.DirectoryUnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;

class LastingRegistrationTest {

    private static final Duration TTL = Duration.ofSeconds(3);
    private static final Duration LONGEST_WAIT = Duration.ofMillis(7_500);

    private final MemoryEngine engine = new MemoryEngine();
    private final Directory directory = engine.open();
    private final Directory other = engine.open();
    private final List<Duration> attempts = new ArrayList<>();

    private LastingRegistration<Registration> keep(IntFunction<Mono<Registration>> attempt) {
        return LastingRegistration.keep(
                "a test",
                count -> {
                    attempts.add(Duration.ofMillis(engine.time.now(java.util.concurrent.TimeUnit.MILLISECONDS)));
                    return attempt.apply(count);
                },
                failure -> failure instanceof UnsupportedOperationException,
                engine.time);
    }

    private Mono<Registration> register(int count) {
        return directory.register("s", instance(count), TTL);
    }

    private static Instance instance(int count) {
        return Instance.of(Scheme.RSOCKET, "here", 7000).withId("id-" + count);
    }

    private Set<Instance> seen() {
        return Objects.requireNonNull(other.instances("s").block());
    }

    private static Mono<Registration> unavailable() {
        return Mono.error(new DirectoryUnavailableException("away", null));
    }

    @Test
    void keep_withADirectory_registersAtOnce() {
        LastingRegistration<Registration> lasting = keep(this::register);

        assertThat(seen()).containsExactly(instance(0));
        assertThat(lasting.current()).extracting(Registration::instance).isEqualTo(instance(0));
        StepVerifier.create(lasting.first().map(Registration::instance))
                .expectNext(instance(0))
                .verifyComplete();
    }

    @Test
    void lost_comesBackUnderANewId() {
        LastingRegistration<Registration> lasting = keep(this::register);
        // Somebody else takes the key after it was lost: then it cannot be renewed.
        engine.remove("services/s/id-0");
        other.register("s", instance(0), TTL).block();

        engine.pass(TTL);

        assertThat(seen()).contains(instance(1));
        assertThat(lasting.current()).extracting(Registration::instance).isEqualTo(instance(1));
        assertThatCode(() -> lasting.withdraw().block()).doesNotThrowAnyException();
        assertThat(seen()).containsExactly(instance(0));
    }

    @Test
    void lost_again_beginsWithTheShortestWait() {
        List<Sinks.Empty<Void>> ends = new ArrayList<>();
        keep(count -> {
            if (count < 8) {
                return unavailable();
            }
            ends.add(Sinks.empty());
            return Mono.just(new Fake(ends.get(ends.size() - 1).asMono()));
        });
        engine.pass(LONGEST_WAIT.multipliedBy(8));
        assertThat(attempts).hasSize(9);

        ends.get(0).tryEmitError(new DirectoryUnavailableException("lost", null));
        engine.pass(Duration.ofMillis(150));

        assertThat(attempts).hasSize(10);
    }

    @Test
    void attempts_thatFail_areMadeLessAndLessOftenAndNeverEnd() {
        LastingRegistration<Registration> lasting = keep(count -> unavailable());
        engine.pass(Duration.ofMinutes(10));

        assertThat(attempts.get(1)).isBetween(Duration.ofMillis(50), Duration.ofMillis(150));
        assertThat(attempts).hasSizeBetween(600_000 / 7_500, 600_000 / 2_500 + 10);
        assertThat(lasting.current()).isNull();
        StepVerifier.create(lasting.onEnd())
                .expectSubscription()
                .expectNoEvent(Duration.ofMillis(1))
                .thenCancel()
                .verify();
    }

    @Test
    void attempt_withoutHope_isTheLast() {
        Directory fixed = Directory.open("static:here:1");
        LastingRegistration<Registration> lasting = keep(count -> fixed.register("s", instance(count), TTL));

        StepVerifier.create(lasting.onEnd()).verifyError(UnsupportedOperationException.class);
        StepVerifier.create(lasting.first()).verifyError(UnsupportedOperationException.class);
        engine.pass(Duration.ofMinutes(1));
        assertThat(attempts).hasSize(1);
    }

    @Test
    void keep_withValuesOutOfBounds_givesUp() {
        LastingRegistration<Registration> lasting =
                LastingRegistration.keep("a test", count -> directory.register("", instance(count), TTL));

        StepVerifier.create(lasting.onEnd()).verifyError(IllegalArgumentException.class);
    }

    @Test
    void withdraw_whileItStands_takesItOutAndEnds() {
        LastingRegistration<Registration> lasting = keep(this::register);
        Mono<Void> withdrawal = lasting.withdraw();
        assertThat(seen()).isNotEmpty();

        StepVerifier.create(withdrawal).verifyComplete();
        assertThat(seen()).isEmpty();
        StepVerifier.create(lasting.withdraw()).verifyComplete();
        StepVerifier.create(lasting.onEnd()).verifyComplete();
        engine.pass(Duration.ofMinutes(1));
        assertThat(attempts).hasSize(1);
    }

    @Test
    void withdraw_betweenAttempts_makesNoOther() {
        LastingRegistration<Registration> lasting = keep(count -> unavailable());

        lasting.withdraw().block();
        engine.pass(Duration.ofMinutes(1));

        assertThat(attempts).hasSize(1);
        StepVerifier.create(lasting.first()).verifyError(IllegalStateException.class);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void withdraw_duringAnAttempt_leavesNothing(boolean heedsCancel) {
        Sinks.One<Registration> coming = Sinks.one();
        // An engine may be past the point where it hears of a cancel.
        LastingRegistration<Registration> lasting = keep(count -> heedsCancel ? coming.asMono() : deaf(coming));

        lasting.withdraw().block();
        Registration late = Objects.requireNonNull(register(0).block());
        coming.tryEmitValue(late);

        assertThat(lasting.current()).isNull();
        assertThat(seen()).hasSize(heedsCancel ? 1 : 0);
    }

    private static Mono<Registration> deaf(Sinks.One<Registration> coming) {
        return new Mono<>() {
            @Override
            public void subscribe(reactor.core.CoreSubscriber<? super Registration> actual) {
                actual.onSubscribe(reactor.core.publisher.Operators.emptySubscription());
                coming.asMono().subscribe(actual::onNext, actual::onError, actual::onComplete);
            }
        };
    }

    @Test
    void close_ofTheDirectory_endsIt() {
        LastingRegistration<Registration> lasting = keep(this::register);

        directory.close().block();

        StepVerifier.create(lasting.onEnd()).verifyComplete();
        engine.pass(Duration.ofMinutes(1));
        assertThat(attempts).hasSize(1);
        assertThat(lasting.current()).isNull();
    }

    @Test
    void close_ofTheDirectoryWhileItIsLost_endsIt() {
        LastingRegistration<Registration> lasting = keep(count -> count == 0 ? unavailable() : register(count));

        directory.close().block();
        engine.pass(Duration.ofMinutes(1));

        assertThat(attempts).hasSize(2);
        assertThat(lasting.isOver()).isTrue();
        StepVerifier.create(lasting.onEnd()).verifyComplete();
        StepVerifier.create(lasting.first()).verifyError(DirectoryClosedException.class);
    }

    @Test
    void keep_inAClosedDirectory_endsAtOnce() {
        directory.close().block();

        LastingRegistration<Registration> lasting = LastingRegistration.keep("a test", this::register);

        StepVerifier.create(lasting.onEnd()).expectComplete().verify(LONGEST_WAIT);
    }

    private record Fake(Mono<Void> onEnd) implements Registration {

        @Override
        public String service() {
            return "s";
        }

        @Override
        public Instance instance() {
            return LastingRegistrationTest.instance(0);
        }

        @Override
        public Mono<Void> withdraw() {
            return Mono.empty();
        }
    }
}
