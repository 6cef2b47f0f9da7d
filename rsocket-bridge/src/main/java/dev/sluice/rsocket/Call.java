package dev.sluice.rsocket;

import dev.sluice.Frame;
import dev.sluice.Source;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

/** What is asked of a service. Immutable: every method returns another. */
public final class Call {

    private final String service;
    private final Frame body;
    private final Map<String, String> tags;
    private final long firstItems;
    private final @Nullable Flux<Source> uplink;

    private Call(String service, Frame body, Map<String, String> tags, long firstItems, @Nullable Flux<Source> uplink) {
        this.service = service;
        this.body = body;
        this.tags = tags;
        this.firstItems = firstItems;
        this.uplink = uplink;
    }

    /**
     * A call with an empty body.
     *
     * @param service the service, at most 255 bytes
     */
    public static Call to(String service) {
        return new Call(Objects.requireNonNull(service, "service"), Frame.EMPTY, Map.of(), 0, null);
    }

    /**
     * With a body.
     *
     * @param frame at most the largest frame the callee takes
     */
    public Call body(Frame frame) {
        return new Call(service, Objects.requireNonNull(frame, "frame"), tags, firstItems, uplink);
    }

    /**
     * With more tags.
     *
     * @param more at most 64 tags of at most 4,096 bytes, 32 KiB all together
     */
    public Call tags(Map<String, String> more) {
        Map<String, String> all = new LinkedHashMap<>(tags);
        all.putAll(more);
        return new Call(service, body, Collections.unmodifiableMap(all), firstItems, uplink);
    }

    /** With one more tag. */
    public Call tag(String key, String value) {
        return tags(Map.of(key, value));
    }

    /**
     * Asks every leaf directly beneath the answer for its first items in advance: they may come along with the source itself, without
     * a round trip. They count as demand of whoever subscribes to the source. Default 0: a source is asked for nothing before somebody
     * subscribes.
     *
     * @param items 0 or more
     */
    public Call firstItems(long items) {
        if (items < 0) {
            throw new IllegalArgumentException("firstItems must be 0 or more, was " + items);
        }
        return new Call(service, body, tags, items, uplink);
    }

    /**
     * With sources of the caller's own, for the service to subscribe to.
     *
     * @param sources subscribed when the service does, asked for as many as it asks for
     */
    public Call uplink(Publisher<? extends Source> sources) {
        return new Call(service, body, tags, firstItems, Flux.from(sources));
    }

    /** The service. */
    public String service() {
        return service;
    }

    /** The body. */
    public Frame body() {
        return body;
    }

    /** The tags, unmodifiable. */
    public Map<String, String> tags() {
        return tags;
    }

    /** Demand in advance for every leaf directly beneath the answer. */
    public long firstItems() {
        return firstItems;
    }

    /** Sources of the caller's own, or null. */
    public @Nullable Flux<Source> uplink() {
        return uplink;
    }

    @Override
    public String toString() {
        return "Call(" + service + ", " + body + ")";
    }
}
