package dev.sluice.etcd;

import com.google.protobuf.ByteString;
import dev.sluice.directory.Keyspace.Value;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RangeResponse;
import java.util.NavigableMap;
import java.util.TreeMap;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** Reads all texts whose key begins with a prefix, as they were at one revision, however many they are. */
final class Reading {

    private static final int PAGE = 10_000;

    private final EtcdClient client;
    private final Keys keys;

    Reading(EtcdClient client, Keys keys) {
        this.client = client;
        this.keys = keys;
    }

    /** What was there, the caller's to change, and when. */
    record Read(TreeMap<String, Value> texts, long revision) {}

    Mono<Read> all(String prefix) {
        ByteString begin = keys.of(prefix);
        ByteString end = Keys.end(begin);
        RangeRequest first = RangeRequest.newBuilder()
                .setKey(begin)
                .setRangeEnd(end)
                .setLimit(PAGE)
                .build();
        return Mono.defer(() -> client.range("read " + prefix, first).flatMap(page -> {
                    long revision = page.getHeader().getRevision();
                    TreeMap<String, Value> texts = new TreeMap<>();
                    return Flux.just(page)
                            .expand(before -> next(prefix, first, before, revision))
                            .doOnNext(some -> add(texts, some))
                            .then(Mono.just(new Read(texts, revision)));
                }))
                // What came first was compacted before the rest was asked for.
                .retryWhen(Retry.max(3).filter(failure -> {
                    Throwable cause = failure.getCause();
                    return cause != null && Failures.compacted(cause);
                }));
    }

    private Mono<RangeResponse> next(String prefix, RangeRequest first, RangeResponse before, long revision) {
        if (!before.getMore()) {
            return Mono.empty();
        }
        ByteString last = before.getKvs(before.getKvsCount() - 1).getKey();
        RangeRequest rest = first.toBuilder()
                .setKey(last.concat(ByteString.copyFrom(new byte[1])))
                .setRevision(revision)
                .build();
        return client.range("read " + prefix, rest);
    }

    private void add(NavigableMap<String, Value> texts, RangeResponse page) {
        page.getKvsList().forEach(stored -> texts.put(keys.of(stored.getKey()), Keys.value(stored)));
    }

    /** Asks for nothing but what time it is in etcd. */
    Mono<Void> revision() {
        ByteString begin = keys.of("");
        return client.range(
                        "tell its revision",
                        RangeRequest.newBuilder()
                                .setKey(begin)
                                .setCountOnly(true)
                                .build())
                .then();
    }
}
