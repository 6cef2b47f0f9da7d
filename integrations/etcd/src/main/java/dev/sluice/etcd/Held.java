package dev.sluice.etcd;

import dev.sluice.directory.Keyspace;
import dev.sluice.directory.Keyspace.Claim;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Keys somebody holds, or is about to. Its state belongs to its lease. */
final class Held implements Keyspace.Hold {

    /** Only forward. */
    enum State {
        /** Its keys are on their way. */
        COMING,
        /** Its keys are there, and put back when they vanish. */
        THERE,
        /** Its keys are taken away. */
        LEAVING,
        /** Nobody looks after its keys. */
        GONE
    }

    private final Claim claim;
    private final Duration ttl;
    private final Sinks.Empty<Void> end = Sinks.empty();
    private final Mono<Void> release;
    private final AtomicReference<@Nullable SharedLease> lease = new AtomicReference<>();
    private volatile boolean undone;

    Held(Claim claim, Duration ttl) {
        this.claim = claim;
        this.ttl = ttl;
        this.release =
                Mono.defer(this::depart).doFinally(signal -> end.tryEmitEmpty()).cache();
    }

    Claim claim() {
        return claim;
    }

    /** Which lease looks after it. */
    void in(SharedLease found) {
        lease.set(found);
    }

    private Mono<Void> depart() {
        return undo(true);
    }

    /** Nobody wants it any more. Who has brought it under a lease looks at this after that: whoever undid it may not have seen the lease. */
    boolean isUndone() {
        return undone;
    }

    /** Takes it away, whether anybody had it already or not. */
    Mono<Void> undo(boolean put) {
        undone = true;
        SharedLease found = lease.get();
        return found == null ? Mono.empty() : found.depart(this, put);
    }

    /** Others may have seen it go. */
    void lost() {
        end.tryEmitError(Keyspace.lost(claim, ttl));
    }

    void closed() {
        end.tryEmitEmpty();
    }

    @Override
    public Mono<Void> release() {
        return release;
    }

    @Override
    public Mono<Void> onEnd() {
        return end.asMono();
    }
}
