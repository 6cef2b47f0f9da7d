package dev.sluice.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.sluice.directory.Keyspace.Value;
import dev.sluice.etcd.Reading.Read;
import io.etcd.jetcd.api.Event;
import io.etcd.jetcd.api.KeyValue;
import io.etcd.jetcd.api.ResponseHeader;
import io.etcd.jetcd.api.WatchResponse;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What is known of a prefix, told out of order, twice, or in pieces. */
class MirrorTest {

    private final Keys keys = new Keys("/test");
    private final Mirror mirror = new Mirror(keys);

    private Event put(String key, long revision) {
        return event(Event.EventType.PUT, key, revision);
    }

    private Event event(Event.EventType type, String key, long revision) {
        return Event.newBuilder()
                .setType(type)
                .setKv(KeyValue.newBuilder()
                        .setKey(keys.of(key))
                        .setValue(ByteString.copyFromUtf8("{}"))
                        .setModRevision(revision)
                        .setCreateRevision(revision))
                .build();
    }

    /** As etcd tells it when it is at a revision itself. */
    private static WatchResponse at(long revision, Event... events) {
        WatchResponse.Builder news =
                WatchResponse.newBuilder().setHeader(ResponseHeader.newBuilder().setRevision(revision));
        for (Event event : events) {
            news.addEvents(event);
        }
        return news.build();
    }

    private Read read(long revision, String... there) {
        TreeMap<String, Value> texts = new TreeMap<>();
        for (String key : there) {
            texts.put(key, Keys.value(put(key, revision).getKv()));
        }
        return new Read(texts, revision);
    }

    private Set<String> shown() {
        return Objects.requireNonNull(mirror.latest()).keySet();
    }

    @Test
    void nothing_isKnownBeforeItWasRead() {
        assertThat(mirror.latest()).isNull();
        assertThat(mirror.missed(read(5, "a"))).isFalse();

        assertThat(mirror.take(read(5))).isTrue();
        assertThat(shown()).isEmpty();
    }

    @Test
    void changes_ofThoseBehind_comeInPieces_whichAllCarryTheLatestRevision() {
        mirror.take(read(1));

        assertThat(mirror.apply(at(1500, put("a", 1000)))).isTrue();
        assertThat(mirror.apply(at(1500, put("b", 1001), event(Event.EventType.DELETE, "a", 1500))))
                .isTrue();

        assertThat(shown()).containsExactly("b");
    }

    @Test
    void changes_ofOneRevision_areAllTaken_andNoneTwice() {
        mirror.take(read(1));

        assertThat(mirror.apply(at(7, put("a", 7), put("b", 7)))).isTrue();
        assertThat(mirror.apply(at(9, event(Event.EventType.DELETE, "a", 7)))).isFalse();

        assertThat(shown()).containsExactly("a", "b");
    }

    @Test
    void changes_beforeWhatWasRead_areOldNews() {
        mirror.take(read(10, "a"));

        assertThat(mirror.apply(at(10, event(Event.EventType.DELETE, "a", 10)))).isFalse();
        assertThat(shown()).containsExactly("a");
    }

    @Test
    void reading_atTheSameRevision_findsWhatWasMissed() {
        mirror.take(read(10, "a"));

        assertThat(mirror.missed(read(10, "a"))).isFalse();
        assertThat(mirror.missed(read(10, "b"))).isTrue();

        assertThat(shown()).containsExactly("b");
    }

    @Test
    void reading_ofAnEarlierTime_isNotTaken() {
        mirror.take(read(10, "a"));
        mirror.apply(at(12, put("b", 12)));

        assertThat(mirror.missed(read(11, "a"))).isFalse();
        assertThat(shown()).containsExactly("a", "b");
    }

    @Test
    void news_withoutChanges_changesNothing() {
        mirror.take(read(10, "a"));

        assertThat(mirror.apply(at(100))).isFalse();
        assertThat(mirror.apply(at(100, put("b", 50)))).isTrue();
    }
}
