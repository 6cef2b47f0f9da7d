package dev.sluice.hub.cli;

import dev.sluice.ConnectionLostException;
import dev.sluice.Frame;
import dev.sluice.RemoteException;
import dev.sluice.rsocket.session.Failures;
import dev.sluice.rsocket.wire.Code;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** Does something again when the hub went away meanwhile, for as long as it takes. */
final class Retrying {

    private static final int MOST_FRAMES = 256;
    private static final long MOST_BYTES = 1 << 20;

    private Retrying() {}

    static <T> Mono<T> forEver(Mono<T> action) {
        return action.retryWhen(policy());
    }

    static <T> Flux<T> forEver(Flux<T> action) {
        return action.retryWhen(policy());
    }

    private static Retry policy() {
        return Retry.backoff(Long.MAX_VALUE, Duration.ofMillis(100))
                .maxBackoff(Duration.ofSeconds(2))
                .transientErrors(true)
                .filter(Retrying::comesBack);
    }

    /** Whether it failed for the reason that the hub went away: it is being stopped, or was started anew and knows nothing of it. */
    private static boolean comesBack(Throwable failure) {
        if (failure instanceof ConnectionLostException) {
            return true;
        }
        Code code = Failures.code(failure);
        return failure instanceof RemoteException && (code == Code.UNAVAILABLE || code == Code.FORGOTTEN);
    }

    /** Sends batch after batch; one whose outcome nobody knows is sent again as a whole, so frames may come twice, and none is lost. */
    static Mono<Long> inBatches(Flux<Frame> frames, Function<Flux<Frame>, Mono<Long>> send) {
        return batches(frames)
                .concatMap(batch -> forEver(Mono.defer(() -> send.apply(Flux.fromIterable(batch)))), 1)
                .reduce(0L, Long::sum);
    }

    /** What is there at a time, up to a limit of bytes: a lonely frame goes out at once. */
    private static Flux<List<Frame>> batches(Flux<Frame> frames) {
        long[] bytes = new long[1];
        return frames.windowUntil(
                        frame -> {
                            bytes[0] += frame.size();
                            boolean full = bytes[0] >= MOST_BYTES;
                            bytes[0] = full ? 0 : bytes[0];
                            return full;
                        },
                        false,
                        MOST_FRAMES)
                .concatMap(window -> window.bufferTimeout(MOST_FRAMES, Duration.ofMillis(20), true), 1);
    }
}
