package dev.sluice.rsocket.metrics;

import dev.sluice.rsocket.Call;
import dev.sluice.rsocket.wire.Wire;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a trace adds to the tags of a call. It goes without where it would make the call longer than one may be: a trace is never worth a call. */
final class CallTags {

    /** A char has at most this many bytes as UTF-8. */
    private static final int CHAR_BYTES = 3;

    /** A key or a value has its length in front. */
    private static final int LENGTH_BYTES = 2;

    private final Map<String, String> given;
    private final Map<String, String> added = new LinkedHashMap<>();

    CallTags(Map<String, String> given) {
        this.given = given;
    }

    void add(String key, String value) {
        added.put(key, value);
    }

    /** The call with these tags; they take the place of those it has of the same keys. */
    Call on(Call call) {
        return added.isEmpty() || !fit() ? call : call.tags(added);
    }

    private boolean fit() {
        Map<String, String> all = new LinkedHashMap<>(given);
        all.putAll(added);
        long bytes = 0;
        for (Map.Entry<String, String> tag : all.entrySet()) {
            bytes += mostBytes(tag.getKey()) + mostBytes(tag.getValue());
        }
        return all.size() <= Wire.TAGS
                && bytes <= Wire.TAGS_BYTES
                && added.values().stream().allMatch(value -> mostBytes(value) <= Wire.TEXT_BYTES);
    }

    private static long mostBytes(String text) {
        return (long) text.length() * CHAR_BYTES + LENGTH_BYTES;
    }
}
