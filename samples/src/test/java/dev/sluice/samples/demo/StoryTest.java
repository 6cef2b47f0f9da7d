package dev.sluice.samples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Plays the real thing, only faster. */
class StoryTest {

    private static final Duration PACE = Duration.ofMillis(150);

    private final List<String> said = new ArrayList<>();
    private final List<Scene> shown = new ArrayList<>();
    private Runnable onShow = () -> {};

    /** Where it plays, and what becomes of elements that are diverted. */
    enum Played {
        LOCALLY("sinkhole"),
        OVER_A_HUB("/dev/null");

        private final String sinkhole;

        Played(String sinkhole) {
            this.sinkhole = sinkhole;
        }

        Stage stage(Ledger ledger) {
            return this == LOCALLY ? new LocalStage(ledger) : new HubStage(ledger);
        }
    }

    @ParameterizedTest
    @EnumSource
    void once_losesDoublesReordersAndInterleavesNothing(Played played) throws InterruptedException {
        Story.Ending ending = story(played, new Plan(500, 3, 1_000, true, PACE)).play();

        assertThat(ending.problems()).isEmpty();
        assertThat(ending.cycles()).isEqualTo(1);
        Balance balance = ending.balance();
        assertThat(balance.isClean()).as(balance.json()).isTrue();
        assertThat(balance.sent()).isEqualTo(balance.received() + balance.discarded());
        assertThat(balance.received()).isGreaterThan(500);
        assertThat(balance.discarded()).isPositive();
        assertThat(balance.restoredAfterCrashMs()).isNotNegative();
        assertThat(ending.isGood()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void once_tellsWhatHappens(Played played) throws InterruptedException {
        // Slow enough for a look, every 100 ms, at each of its states.
        Duration pace = Duration.ofMillis(500);
        assertThat(story(played, new Plan(100, 1, 200, true, pace)).play().isGood())
                .isTrue();

        if (played == Played.OVER_A_HUB) {
            assertThat(said.remove(0)).matches("hub at tcp://127\\.0\\.0\\.1:\\d+, everybody a client of it .*");
        }
        assertThat(said).hasSize(6);
        assertThat(said.get(0)).startsWith("grpc and 1 sensors send to mesh, 200 a second each");
        assertThat(said.get(1)).startsWith("updater takes mesh for itself, flash 1");
        assertThat(said.get(2)).isEqualTo("updater flashed 100, gave mesh back");
        assertThat(said.get(4)).startsWith("updater killed at packet ");
        assertThat(said.get(5)).startsWith("updater others back after ");
        assertThat(shown.stream().flatMap(scene -> scene.services().stream()))
                .anyMatch(service -> service.name().equals("grpc")
                        && service.target().equals(played.sinkhole)
                        && service.mood() == Scene.Mood.DIVERTED)
                .anyMatch(service -> service.name().equals("updater") && service.mood() == Scene.Mood.DEAD);
        assertThat(shown).allMatch(scene -> scene.sinkhole().equals(played.sinkhole));
    }

    @ParameterizedTest
    @EnumSource
    void withoutSensors_grpcIsEnough(Played played) throws InterruptedException {
        assertThat(story(played, new Plan(10, 0, 100, true, PACE)).play().isGood())
                .isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void stopped_endsInMidCycle_andTheBooksBalance(Played played) throws InterruptedException {
        Story story = story(played, new Plan(10_000, 3, 1_000, false, PACE));
        onShow = () -> {
            if (shown.get(shown.size() - 1).services().get(0).mood() == Scene.Mood.DIVERTED) {
                story.stop();
            }
        };

        Story.Ending ending = story.play();

        assertThat(ending.cycles()).isZero();
        assertThat(ending.problems()).isEmpty();
        assertThat(ending.balance().isClean()).as(ending.balance().json()).isTrue();
    }

    private Story story(Played played, Plan plan) {
        return new Story(played::stage, plan, new Recorder());
    }

    private final class Recorder implements Display {

        @Override
        public void say(double seconds, String who, String what) {
            said.add(who + " " + what);
        }

        @Override
        public void show(Scene scene) {
            shown.add(scene);
            onShow.run();
        }

        @Override
        public boolean isGone() {
            return false;
        }

        @Override
        public void close() {}
    }
}
