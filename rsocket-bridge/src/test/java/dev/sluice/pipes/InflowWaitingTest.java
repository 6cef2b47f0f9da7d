package dev.sluice.pipes;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What has arrived for a member who has not asked for it yet. */
class InflowWaitingTest extends InflowFixture {

    @Test
    void whoTakesOneAfterTheOther_isGivenAllThatWaits() {
        List<Source> sources = List.of(new Source(), new Source(), new Source(), new Source(), new Source());
        subscriber.request(1);
        for (int i = 0; i < 5; i++) {
            sources.get(i).deliver("" + i);
        }

        for (int i = 1; i < 5; i++) {
            time.advanceTimeBy(Duration.ofNanos(Inflow.HELD_NANOS * 2 / 3));
            subscriber.request(1);
        }

        assertThat(got).containsExactly("0", "1", "2", "3", "4");
        assertThat(sources).allSatisfy(source -> assertThat(source.nacked).isEmpty());
    }

    @Test
    void whoTakesOneAndStops_losesTheRestAfterThat() {
        Source one = new Source();
        Source two = new Source();
        Source three = new Source();
        subscriber.request(1);
        one.deliver("a");
        two.deliver("b");
        three.deliver("c");
        time.advanceTimeBy(Duration.ofNanos(Inflow.HELD_NANOS / 2));
        subscriber.request(1);

        time.advanceTimeBy(Duration.ofNanos(Inflow.HELD_NANOS - 1));
        assertThat(three.nacked).isEmpty();
        time.advanceTimeBy(Duration.ofNanos(1));

        assertThat(three.nacked).containsExactly("c");
        assertThat(got).containsExactly("a", "b");
    }

    @Test
    void whatComesBeyondTheDemand_waitsForIt() {
        Source one = new Source();
        Source two = new Source();
        subscriber.request(1);
        one.deliver("a");
        two.deliver("b");
        assertThat(got).containsExactly("a");

        time.advanceTimeBy(Duration.ofNanos(Inflow.HELD_NANOS - 1));
        subscriber.request(1);

        assertThat(got).containsExactly("a", "b");
        time.advanceTimeBy(Duration.ofNanos(10 * Inflow.HELD_NANOS));
        assertThat(two.nacked).isEmpty();
    }

    @Test
    void whatComesAfterAllThatWaitedWasTaken_waitsAsLongAsThat() {
        Source one = new Source();
        Source two = new Source();
        Source three = new Source();
        subscriber.request(1);
        one.deliver("a");
        two.deliver("b");
        time.advanceTimeBy(Duration.ofNanos(Inflow.HELD_NANOS / 2));
        subscriber.request(1);
        time.advanceTimeBy(Duration.ofNanos(Inflow.HELD_NANOS / 4));
        three.deliver("c");

        time.advanceTimeBy(Duration.ofNanos(Inflow.HELD_NANOS - 1));
        assertThat(three.nacked).isEmpty();
        time.advanceTimeBy(Duration.ofNanos(1));

        assertThat(three.nacked).containsExactly("c");
        assertThat(got).containsExactly("a", "b");
    }

    @Test
    void whatNobodyComesFor_goesBack_andIsAskedForAgain() {
        Source one = new Source();
        Source two = new Source();
        subscriber.request(1);
        one.deliver("a");
        two.deliver("b");

        time.advanceTimeBy(Duration.ofNanos(Inflow.HELD_NANOS));
        assertThat(two.nacked).containsExactly("b");
        subscriber.request(1);

        assertThat(List.of(one.requested, two.requested)).containsExactly(1L, 1L);
        two.deliver("b");
        assertThat(got).containsExactly("a", "b");
    }

    @Test
    void whatWasAskedForBeforeSomethingWentBack_followsIt_soThatOrderHolds() {
        Source one = new Source();
        Source two = new Source();
        subscriber.request(8);
        for (int i = 0; i < 4; i++) {
            one.deliver("x" + i);
        }
        while (got.size() < 7) {
            one.deliver("y" + got.size());
        }
        one.deliver("last");
        two.deliver("a");
        time.advanceTimeBy(Duration.ofNanos(Inflow.HELD_NANOS));
        assertThat(two.nacked).containsExactly("a");

        subscriber.request(4);
        two.deliver("b");
        two.deliver("c");
        two.deliver("d");

        assertThat(two.nacked).containsExactly("a", "b", "c", "d");
        assertThat(got).hasSize(8).doesNotContain("b", "c", "d");
        assertThat(two.requested).isEqualTo(2);
        two.deliver("a");
        assertThat(got).endsWith("a");
    }

    @Test
    void removed_isNotWaitedFor_andWhatItBroughtGoesBack() {
        Source one = new Source();
        Source two = new Source();
        subscriber.request(1);
        one.deliver("a");
        two.deliver("b");

        inflow.remove(two.inlet);
        subscriber.request(1);

        assertThat(two.nacked).containsExactly("b");
        assertThat(got).containsExactly("a");
        assertThat(one.requested).isEqualTo(1);
    }

    @Test
    void cancel_givesBackWhatWaits_andWhatComesLater() {
        Source one = new Source();
        Source two = new Source();
        subscriber.request(1);
        one.deliver("a");
        two.deliver("b");

        subscriber.cancel();
        one.deliver("c");

        assertThat(two.nacked).containsExactly("b");
        assertThat(one.nacked).containsExactly("c");
        assertThat(overs).hasValue(1);
        assertThat(got).containsExactly("a");
    }
}
