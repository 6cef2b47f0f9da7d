package dev.sluice.channel.contract;

import static dev.sluice.channel.contract.Fixture.LONG;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.InvalidNameException;
import dev.sluice.channel.ChannelOptions;
import dev.sluice.channel.ChannelStats;
import dev.sluice.channel.Channels;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

/** A registry tells its channels in order, and page by page. Other tests may have left channels in it. */
public interface ListingContract {

    /** Every test has names of its own. */
    AtomicInteger TESTS = new AtomicInteger();

    /** The registry under test. */
    Channels registry();

    /** Creates channels below a new prefix, and gives that. */
    private String given(String... names) {
        String prefix = "listing-" + TESTS.incrementAndGet();
        for (String name : names) {
            registry()
                    .create(prefix + name, ChannelOptions.builder().capacity(7).build())
                    .block(LONG);
        }
        return prefix;
    }

    private static <T> List<T> all(Flux<T> listed) {
        return Objects.requireNonNull(listed.collectList().block(LONG));
    }

    @Test
    default void list_afterAName_beginsBehindIt() {
        String at = given("", "/1", "/10", "/2", "/2/x", "-3");

        assertThat(all(registry().list(at, at))).containsExactly(at + "/1", at + "/10", at + "/2", at + "/2/x");
        assertThat(all(registry().list(at, at + "/10"))).containsExactly(at + "/2", at + "/2/x");
        assertThat(all(registry().list(at + "/*", at + "/1"))).containsExactly(at + "/10", at + "/2", at + "/2/x");
        assertThat(all(registry().list(at + "/2", at + "/2"))).containsExactly(at + "/2/x");
        assertThat(all(registry().list(at, at + "/2/x"))).isEmpty();
        assertThat(all(registry().list("", at + "/10"))).startsWith(at + "/2", at + "/2/x");
    }

    @Test
    default void list_afterNothing_isAll() {
        String at = given("", "/1");

        assertThat(all(registry().list(at, ""))).containsExactly(at, at + "/1");
        assertThat(all(registry().list(at))).containsExactly(at, at + "/1");
    }

    @Test
    default void list_afterWhatIsNoName_isAPlaceInTheOrder() {
        String at = given("", "/1", "/2", "/~");

        assertThat(all(registry().list(at, "\u0000"))).hasSize(4);
        assertThat(all(registry().list(at, at + "/"))).hasSize(3);
        assertThat(all(registry().list(at, at + "//..//"))).hasSize(3);
        assertThat(all(registry().list(at, at + "/1\u0000"))).containsExactly(at + "/2", at + "/~");
        assertThat(all(registry().list(at, at + "/1" + "/".repeat(3_000)))).containsExactly(at + "/2", at + "/~");
        assertThat(all(registry().list(at, at + "/*"))).hasSize(3);
        assertThat(all(registry().list(at, at + "0"))).isEmpty();
        assertThat(all(registry().list(at, "\uffff"))).isEmpty();
        assertThat(all(registry().list("", "\uffff"))).isEmpty();
    }

    @Test
    default void list_pageByPage_hasEveryNameOnce() {
        String[] names = new String[25];
        for (int i = 0; i < names.length; i++) {
            names[i] = "/" + i;
        }
        String at = given(names);

        List<String> listed = new ArrayList<>();
        List<String> page = all(registry().list(at, "").take(4));
        while (!page.isEmpty()) {
            listed.addAll(page);
            page = all(registry().list(at, page.get(page.size() - 1)).take(4));
        }

        assertThat(listed).hasSize(25).isEqualTo(all(registry().list(at)));
    }

    @Test
    default void list_afterANameThatWasDeleted_goesOn() {
        String at = given("/1", "/2", "/3");
        registry().delete(at + "/2").block(LONG);

        assertThat(all(registry().list(at, at + "/2"))).containsExactly(at + "/3");
    }

    @Test
    default void list_badPrefix_failsWhateverComesAfter() {
        StepVerifier.create(registry().list("a//", "b")).verifyError(InvalidNameException.class);
        StepVerifier.create(registry().stats("a//", "b")).verifyError(InvalidNameException.class);
    }

    @Test
    default void stats_afterAName_readsThoseBehindIt() {
        String at = given("", "/1", "/2");

        assertThat(all(registry().stats(at, at + "/1").map(ChannelStats::name))).containsExactly(at + "/2");
        assertThat(all(registry().stats(at, at + "/1").map(ChannelStats::capacity)))
                .containsExactly(7);
        assertThat(all(registry().stats(at, "").map(ChannelStats::name)))
                .isEqualTo(all(registry().list(at)));
        assertThat(all(registry().stats(at, at + "/9"))).isEmpty();
    }
}
