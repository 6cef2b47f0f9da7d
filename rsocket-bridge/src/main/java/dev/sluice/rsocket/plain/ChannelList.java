package dev.sluice.rsocket.plain;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.Frame;
import dev.sluice.channel.ChannelStats;
import dev.sluice.channel.Channels;
import dev.sluice.rsocket.security.Access;
import dev.sluice.rsocket.security.Verb;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Channels and their counters as JSON: {@code {"channels": [...], "more": false}}, those the caller may do something with, in the order of their
 * names.
 */
final class ChannelList {

    /** Channels in an answer: about 500 bytes each. */
    private static final int MOST = 10_000;

    private static final int USUAL = 1_000;
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private ChannelList() {}

    /** What a query selects. */
    static Mono<Frame> of(Channels channels, Query query, Access access) {
        String prefix = query.text(Query.PREFIX, "");
        String after = query.text(Query.AFTER, "");
        int limit = query.number(Query.LIMIT, USUAL, 1, MOST);
        return channels.stats(prefix, after)
                .filter(stats -> mayRead(access, stats.name()))
                .take(limit + 1L)
                .collectList()
                .map(found -> json(found, limit))
                // There may be millions to look through, which is no work for an event loop.
                .subscribeOn(Schedulers.parallel());
    }

    /** Whoever may do something with a channel may look at it. */
    private static boolean mayRead(Access access, String name) {
        return Stream.of(Verb.SEND, Verb.RECEIVE, Verb.LISTEN, Verb.ADMIN).anyMatch(verb -> access.allows(verb, name));
    }

    private static Frame json(List<ChannelStats> found, int limit) {
        boolean more = found.size() > limit;
        try {
            return Frame.wrap(
                    MAPPER.writeValueAsBytes(Map.of("channels", more ? found.subList(0, limit) : found, "more", more)));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
