package dev.sluice.pipes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.Frame;
import dev.sluice.channel.Channel;
import dev.sluice.channel.ChannelStats.GroupStats;
import dev.sluice.directory.Directory;
import dev.sluice.directory.GroupEntry;
import dev.sluice.directory.GroupTerms;
import dev.sluice.directory.Keyspace;
import dev.sluice.directory.Membership;
import dev.sluice.rsocket.channel.ServedDeliveries.Given;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.test.scheduler.VirtualTimeScheduler;

/** When pipes are made and given up, in a time that is the test's. */
class PipeKeeperTest {

    private static final Duration TTL = Duration.ofSeconds(10);
    private static final Duration EXPIRY = Duration.ofSeconds(30);
    private static final Duration MOMENT = Duration.ofMillis(1);
    private static final GroupTerms TERMS = GroupTerms.defaults().withExpiry(EXPIRY);

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final Keyspace keys = Keyspace.inMemory(time);
    private final Directory directory = Directory.over(keys);

    /** What the destination sees of it. */
    private final FlakyKeyspace view = new FlakyKeyspace(keys);

    private final Channel<Frame> channel =
            Channel.create(DestinationOptions.builder().build().channel("orders"));
    private final PipeKeeper keeper = new PipeKeeper(
            channel, DestinationOptions.builder().build(), Directory.over(view).destinations(), TTL, time);

    PipeKeeperTest() {
        keeper.begin().block();
    }

    private Disposable connect(String group) {
        Given given = Objects.requireNonNull(
                keeper.receive(group, JoinOptions.defaults().withTerms(TERMS), null)
                        .block());
        return given.deliveries().subscribe();
    }

    private Membership join(String group) {
        return Objects.requireNonNull(
                directory.destinations().join("orders", group, TERMS, "m1", TTL).block());
    }

    private List<String> groups() {
        return Objects.requireNonNull(channel.stats().block()).groups().stream()
                .map(GroupStats::name)
                .toList();
    }

    private long revision(String group) {
        return Objects.requireNonNull(directory.destinations().groups("orders").block()).stream()
                .filter(entry -> entry.name().equals(group))
                .mapToLong(GroupEntry::revision)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void pipe_ofAGroupTheDirectoryDoesNotKnow_staysForItsExpiryAfterTheLastLeft() {
        Disposable member = connect("billing");
        time.advanceTimeBy(EXPIRY.multipliedBy(20));

        member.dispose();
        time.advanceTimeBy(EXPIRY.minus(MOMENT));
        assertThat(groups()).containsExactly("billing");

        time.advanceTimeBy(MOMENT);
        assertThat(groups()).isEmpty();
    }

    @Test
    void pipe_ofAMemberThatComesAndGoesBetweenTwoLooks_staysForItsExpiryAfterThat() {
        Membership member = join("billing");
        member.withdraw().block();
        time.advanceTimeBy(EXPIRY.minus(MOMENT));

        connect("billing").dispose();
        time.advanceTimeBy(EXPIRY.minus(MOMENT));
        assertThat(groups()).containsExactly("billing");

        time.advanceTimeBy(MOMENT);
        assertThat(groups()).isEmpty();
        assertThat(directory.destinations().groups("orders").block()).isEmpty();
    }

    @Test
    void pipe_ofAMemberThatNeverConnected_staysForItsExpiryAfterItHasGone() {
        Membership member = join("billing");
        time.advanceTimeBy(EXPIRY.multipliedBy(3));
        member.withdraw().block();

        time.advanceTimeBy(EXPIRY.minus(MOMENT));
        assertThat(groups()).containsExactly("billing");

        time.advanceTimeBy(MOMENT);
        assertThat(groups()).isEmpty();
    }

    @Test
    void pipe_ofAGroupTheDirectoryHasLost_staysForTheTimeToLive_ifItsExpiryIsShorter() {
        Given given = Objects.requireNonNull(keeper.receive(
                        "billing",
                        JoinOptions.defaults().withTerms(GroupTerms.defaults().withExpiry(Duration.ZERO)),
                        null)
                .block());
        given.deliveries().subscribe().dispose();

        time.advanceTimeBy(TTL.minus(MOMENT));
        assertThat(groups()).containsExactly("billing");

        time.advanceTimeBy(MOMENT);
        assertThat(groups()).isEmpty();
    }

    @Test
    void pipe_ofAGroupWithLessTimeThanTheTimeToLive_isGivenUpAfterThat() {
        GroupTerms soon = GroupTerms.defaults().withExpiry(Duration.ofSeconds(1));
        Membership member = Objects.requireNonNull(directory
                .destinations()
                .join("orders", "billing", soon, "m1", TTL)
                .block());
        connect("billing").dispose();
        member.withdraw().block();

        time.advanceTimeBy(Duration.ofSeconds(1).minus(MOMENT));
        assertThat(groups()).containsExactly("billing");
        time.advanceTimeBy(MOMENT);

        assertThat(groups()).isEmpty();
    }

    @Test
    void pipe_thatWasMadeForAMemberWhoDidNotStay_isGivenUp() {
        keeper.receive("billing", JoinOptions.defaults().withTerms(TERMS), null).block();
        assertThat(groups()).containsExactly("billing");

        time.advanceTimeBy(EXPIRY.plusSeconds(10));

        assertThat(groups()).isEmpty();
    }

    @Test
    void pipe_isGivenUpInTime_alsoWhenAnotherOneComes() {
        connect("billing").dispose();
        time.advanceTimeBy(EXPIRY.minus(MOMENT));
        connect("audit");

        time.advanceTimeBy(MOMENT);

        assertThat(groups()).containsExactly("audit");
    }

    @Test
    void pipe_whoseMembersTheWatchHasNotShown_stays_andGoesWhenTheyAreGone() {
        view.silent();
        Membership member = join("billing");
        long revision = revision("billing");
        connect("billing").dispose();

        time.advanceTimeBy(EXPIRY.multipliedBy(10));
        assertThat(groups()).containsExactly("billing");
        assertThat(revision("billing")).as("not taken out for a moment").isEqualTo(revision);

        member.withdraw().block();
        time.advanceTimeBy(EXPIRY);
        assertThat(groups()).isEmpty();
        assertThat(directory.destinations().groups("orders").block()).isEmpty();
    }

    @Test
    void pipe_staysWhileTheDirectoryCannotBeAsked() {
        connect("billing").dispose();
        view.away();

        time.advanceTimeBy(EXPIRY.multipliedBy(10));
        assertThat(groups()).containsExactly("billing");

        view.back();
        time.advanceTimeBy(EXPIRY);
        assertThat(groups()).isEmpty();
    }

    @Test
    void pipe_ofAMemberThatComesAndGoesWhileTheDirectoryIsAsked_staysForItsExpiryAfterThat() {
        connect("billing").dispose();
        view.late();
        time.advanceTimeBy(EXPIRY);

        connect("billing").dispose();
        view.answer();
        time.advanceTimeBy(EXPIRY.minus(MOMENT));
        assertThat(groups()).containsExactly("billing");

        time.advanceTimeBy(MOMENT);
        assertThat(groups()).isEmpty();
    }

    @Test
    void end_failsWhatWasNotBegun() {
        List<Throwable> errors = new ArrayList<>();
        // Within a task, so that the next one waits.
        time.schedule(() -> {
            keeper.receive("billing", JoinOptions.defaults(), null).subscribe(given -> {}, errors::add);
            keeper.end();
        });

        assertThat(errors)
                .singleElement()
                .satisfies(error -> assertThat(error)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("closed"));
    }
}
