package dev.sluice.rsocket.balance;

import dev.sluice.directory.Instance;
import dev.sluice.rsocket.ClientOptions;
import dev.sluice.rsocket.SluiceClient;
import dev.sluice.rsocket.transport.TlsOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * The instances there are, and the choice among them.
 *
 * <p>{@code changed} is emitted and replaced at each change. Whoever finds nobody takes it first and looks then, so no change is missed.
 */
final class Members {

    private final BalanceOptions options;
    private volatile List<Member> all = List.of();
    private volatile Sinks.Empty<Void> changed = Sinks.empty();
    private boolean closed;

    Members(BalanceOptions options) {
        this.options = options;
    }

    /** These are the instances now. An instance that says something else of itself than before is another. */
    void update(Set<Instance> instances) {
        List<Member> gone = new ArrayList<>();
        Sinks.Empty<Void> before;
        synchronized (this) {
            if (closed) {
                return;
            }
            Map<Instance, Member> kept = all.stream().collect(Collectors.toMap(Member::instance, Function.identity()));
            List<Member> next = new ArrayList<>();
            for (Instance instance : instances) {
                Member member = kept.remove(instance);
                next.add(member == null ? new Member(instance, client(instance), options) : member);
            }
            gone.addAll(kept.values());
            all = List.copyOf(next);
            before = changed;
            changed = Sinks.empty();
        }
        gone.forEach(Member::retire);
        before.tryEmitEmpty();
    }

    private SluiceClient client(Instance instance) {
        ClientOptions.Builder builder = instance.scheme().isWebSocket()
                ? ClientOptions.webSocket(
                        instance.host(), instance.port(), instance.metadata().getOrDefault(Instance.PATH, "/"))
                : ClientOptions.tcp(instance.host(), instance.port());
        if (instance.scheme().isSecure()) {
            builder.tls(TlsOptions.builder().build());
        }
        return SluiceClient.create(
                options.client().apply(builder).connectionAttempts(1).build());
    }

    /** Completes at the next change. */
    Mono<Void> nextChange() {
        return changed.asMono();
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    /** The one for a bucket, or for no bucket in particular, of those that are not passed over; null when there is none. */
    @Nullable Member choose(@Nullable String bucket, long now) {
        List<Member> open =
                all.stream().filter(member -> member.passedOverFor(now) <= 0).toList();
        if (open.isEmpty()) {
            return null;
        }
        return bucket == null ? leastOfTwo(open) : highest(open, bucket);
    }

    /** The less loaded of two taken at random: nearly as even as to look at all, and callers that know nothing of each other do not all run to the same. */
    private static Member leastOfTwo(List<Member> open) {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        int first = random.nextInt(open.size());
        Member one = open.get(first);
        if (open.size() == 1) {
            return one;
        }
        int second = random.nextInt(open.size() - 1);
        Member other = open.get(second < first ? second : second + 1);
        return other.load() < one.load() ? other : one;
    }

    private static Member highest(List<Member> open, String bucket) {
        Member best = open.get(0);
        double highest = Double.NEGATIVE_INFINITY;
        for (Member member : open) {
            double score = Rendezvous.score(bucket, member.instance());
            if (score > highest) {
                highest = score;
                best = member;
            }
        }
        return best;
    }

    /** Nanoseconds until the first that is passed over may be tried again; a second when there is none. */
    long untilNext(long now) {
        return all.stream()
                .mapToLong(member -> Math.max(1, member.passedOverFor(now)))
                .min()
                .orElse(1_000_000_000L);
    }

    Mono<Void> close() {
        List<Member> last;
        synchronized (this) {
            closed = true;
            last = all;
            all = List.of();
        }
        return Flux.fromIterable(last).flatMap(Member::closeNow).then();
    }
}
