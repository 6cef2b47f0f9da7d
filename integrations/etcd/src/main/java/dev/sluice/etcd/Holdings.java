package dev.sluice.etcd;

import dev.sluice.directory.KeyTakenException;
import dev.sluice.directory.Keyspace.Claim;
import io.etcd.jetcd.api.KeyValue;
import io.etcd.jetcd.api.LeaseTimeToLiveResponse;
import io.etcd.jetcd.api.ResponseOp;
import io.etcd.jetcd.api.TxnResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The keys of a lease: puts them, takes them away, and sees that those are there that must be, and no others. */
final class Holdings {

    /** How many keys one request speaks of; etcd takes 128 operations. */
    static final int BATCH = 100;

    private static final int AT_ONCE = 16;

    private final EtcdClient client;
    private final Keys keys;
    private final SharedLease lease;

    Holdings(EtcdClient client, Keys keys, SharedLease lease) {
        this.client = client;
        this.keys = keys;
        this.lease = lease;
    }

    /**
     * Puts what is claimed. A key that this lease has already is ours: it was put by an attempt whose answer got lost, or left by somebody here who has
     * gone.
     */
    Mono<Void> claim(Claim claim, long id) {
        return client.txn("register " + claim.leased().keySet(), keys.claim(claim, id))
                .flatMap(answer -> {
                    if (answer.getSucceeded()) {
                        return Mono.empty();
                    }
                    Set<String> own = own(claim, answer, id);
                    return client.txn("register " + claim.leased().keySet(), keys.claimAgain(claim, id, own))
                            .flatMap(again -> {
                                if (again.getSucceeded()) {
                                    return Mono.<Void>empty();
                                }
                                own(claim, again, id);
                                // It came and went meanwhile.
                                return claim(claim, id);
                            });
                });
    }

    private Set<String> own(Claim claim, TxnResponse refusal, long id) {
        Set<String> own = new HashSet<>();
        for (ResponseOp shown : refusal.getResponsesList()) {
            for (KeyValue there : shown.getResponseRange().getKvsList()) {
                String key = keys.of(there.getKey());
                if (there.getLease() != id || !claim.leased().containsKey(key)) {
                    throw new KeyTakenException(key, there.getValue().toStringUtf8());
                }
                own.add(key);
            }
        }
        return own;
    }

    Mono<Void> release(Claim claim, long id) {
        return client.txn(
                        "withdraw " + claim.leased().keySet(),
                        keys.release(claim.leased().keySet(), id))
                .then();
    }

    /** Puts back what is missing, and takes away what nobody holds. Writes nothing when all is well. */
    Mono<Void> check(long id, Duration within) {
        return client.keys(id, within).flatMap(answer -> answer.getTTL() < 0 ? Mono.empty() : check(id, answer));
    }

    private Mono<Void> check(long id, LeaseTimeToLiveResponse answer) {
        Set<String> attached = new HashSet<>();
        answer.getKeysList().forEach(key -> attached.add(keys.of(key)));
        List<Held> missing = new ArrayList<>();
        Map<String, String> kept = new HashMap<>();
        for (Held held : lease.there()) {
            if (!attached.containsAll(held.claim().leased().keySet())) {
                missing.add(held);
            }
            kept.putAll(held.claim().kept());
        }
        Set<String> unheld = new HashSet<>(attached);
        lease.all().forEach(held -> unheld.removeAll(held.claim().leased().keySet()));
        return Flux.fromIterable(missing)
                .flatMap(held -> restore(held, id), AT_ONCE)
                .then(sweep(unheld, id, answer.getHeader().getRevision()))
                .then(keep(kept));
    }

    private Mono<Void> restore(Held held, long id) {
        Claim claim = held.claim();
        return client.txn("restore " + claim.leased().keySet(), keys.restore(claim, id))
                .flatMap(answer -> taken(claim, answer, id) ? lease.lost(held) : Mono.empty());
    }

    private boolean taken(Claim claim, TxnResponse answer, long id) {
        return answer.getResponsesList().stream()
                .flatMap(one -> one.getResponseTxn().getResponsesList().stream())
                .flatMap(shown -> shown.getResponseRange().getKvsList().stream())
                .anyMatch(there -> there.getLease() != id && claim.leased().containsKey(keys.of(there.getKey())));
    }

    private Mono<Void> sweep(Set<String> unheld, long id, long seen) {
        return Flux.fromIterable(unheld)
                .buffer(BATCH)
                .concatMap(some -> client.txn("remove " + some.size() + " keys", keys.sweep(some, id, seen)))
                .then();
    }

    private Mono<Void> keep(Map<String, String> kept) {
        return Flux.fromIterable(kept.keySet())
                .buffer(BATCH)
                .concatMap(some -> client.txn("look for " + some.size() + " keys", keys.count(some))
                        .flatMap(answer -> keep(kept, some, answer)))
                .then();
    }

    private Mono<Void> keep(Map<String, String> kept, List<String> asked, TxnResponse answer) {
        Map<String, String> absent = new LinkedHashMap<>();
        for (int i = 0; i < asked.size(); i++) {
            if (answer.getResponses(i).getResponseRange().getCount() == 0) {
                absent.put(asked.get(i), kept.getOrDefault(asked.get(i), ""));
            }
        }
        return absent.isEmpty()
                ? Mono.empty()
                : client.txn(
                                "restore " + absent.size() + " keys",
                                keys.restore(new Claim(Map.of(), absent, Set.of()), 0))
                        .then();
    }
}
