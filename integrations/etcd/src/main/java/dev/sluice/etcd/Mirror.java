package dev.sluice.etcd;

import dev.sluice.directory.Keyspace.Value;
import dev.sluice.etcd.Reading.Read;
import io.etcd.jetcd.api.Event;
import io.etcd.jetcd.api.WatchResponse;
import java.util.Collections;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What stands below a prefix, as far as it was read and told. {@code upTo} is the revision up to which all changes are known; a change that is not later
 * is old news. It is not the revision that an answer of a watch was made at: etcd tells who has fallen behind a thousand revisions at a time, each time
 * with the revision it is at itself. Not thread safe.
 */
final class Mirror {

    private final Keys keys;
    private TreeMap<String, Value> texts = new TreeMap<>();
    private @Nullable NavigableMap<String, Value> shown;
    private boolean known;
    private long upTo;

    Mirror(Keys keys) {
        this.keys = keys;
    }

    /** All of it, unmodifiable; null while nothing was read. */
    @Nullable NavigableMap<String, Value> latest() {
        if (known && shown == null) {
            shown = Collections.unmodifiableNavigableMap(new TreeMap<>(texts));
        }
        return shown;
    }

    /** Takes what was read over; whether anything in it is new. */
    boolean take(Read read) {
        boolean other = !known || !texts.equals(read.texts());
        if (other) {
            texts = read.texts();
            shown = null;
        }
        known = true;
        upTo = read.revision();
        return other;
    }

    /** Takes what was read over if it is not older than this; whether something in it was missed. */
    boolean missed(Read read) {
        return known && read.revision() >= upTo && take(read);
    }

    /** Applies what a watch has told; whether anything in it is new. */
    boolean apply(WatchResponse news) {
        boolean changed = false;
        long latest = upTo;
        for (Event event : news.getEventsList()) {
            long revision = event.getKv().getModRevision();
            // Several changes of one revision come together.
            if (revision <= upTo) {
                continue;
            }
            latest = Math.max(latest, revision);
            String key = keys.of(event.getKv().getKey());
            if (event.getType() == Event.EventType.DELETE) {
                texts.remove(key);
            } else {
                texts.put(key, Keys.value(event.getKv()));
            }
            changed = true;
        }
        upTo = latest;
        if (changed) {
            shown = null;
        }
        return changed;
    }
}
