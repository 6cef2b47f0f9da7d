package dev.sluice.rsocket.metrics;

import io.micrometer.observation.Observation;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A call that has not ended. Tells once how it does: what comes first counts, an end or a cancel, on whatever thread. */
final class OpenCall {

    /** Is told how a call ended. */
    interface Ended {
        void told(String outcome, long nanos);
    }

    private final @Nullable Observation observation;
    private final Ended ended;
    private final long begun = System.nanoTime();
    private final AtomicBoolean over = new AtomicBoolean();

    OpenCall(@Nullable Observation observation, Ended ended) {
        this.observation = observation;
        this.ended = ended;
    }

    @Nullable Observation observation() {
        return observation;
    }

    void completed() {
        end(Outcomes.COMPLETED, null);
    }

    void cancelled() {
        end(Outcomes.CANCELLED, null);
    }

    void failed(Throwable failure) {
        end(Outcomes.of(failure), failure);
    }

    private void end(String outcome, @Nullable Throwable failure) {
        if (over.compareAndSet(false, true)) {
            if (observation != null) {
                Observing.end(observation, outcome, failure);
            }
            ended.told(outcome, System.nanoTime() - begun);
        }
    }
}
