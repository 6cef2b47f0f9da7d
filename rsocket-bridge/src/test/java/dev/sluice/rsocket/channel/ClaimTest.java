package dev.sluice.rsocket.channel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What elements that wait take of a budget. */
class ClaimTest {

    private final Budget budget = Budget.of(100);
    private final Claim claim = new Claim(budget);

    private boolean isFree(int bytes) {
        boolean free = budget.take(bytes);
        if (free) {
            budget.give(bytes);
        }
        return free;
    }

    @Test
    void elements_thatWait_takeTheirBytesUntilTheyAreAccepted() {
        assertThat(claim.add(60)).isNull();
        assertThat(claim.add(30)).isNull();
        assertThat(claim.add(11)).hasMessageContaining("waitingBytes");

        claim.accepted(1);

        assertThat(isFree(70)).isTrue();
        assertThat(isFree(71)).isFalse();
        claim.accepted(1);
        assertThat(isFree(71)).isFalse();
        claim.accepted(2);
        assertThat(isFree(100)).isTrue();
    }

    @Test
    void end_givesBackWhatIsLeft_andTakesNothingAnyMore() {
        assertThat(claim.add(60)).isNull();

        claim.end();
        assertThat(claim.add(90)).isNull();

        assertThat(isFree(100)).isTrue();
        assertThat(isFree(101)).isFalse();
    }
}
