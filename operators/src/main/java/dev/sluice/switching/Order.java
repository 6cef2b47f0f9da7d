package dev.sluice.switching;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a switch is to change; made for one subscription. All methods are called under the switchboard's lock. */
abstract class Order<T, R> {
    final SwitchPolicy policy;

    /** Whether it is done even where the way then ends at a closed target, because nobody was aimed at a new one. */
    final boolean evenToClosed;

    Order(SwitchPolicy policy, boolean evenToClosed) {
        this.policy = policy;
        this.evenToClosed = evenToClosed;
    }

    /** Which sinks are aimed how. Computed anew on every attempt; what it throws fails the switch. */
    abstract Map<RoutedSink<T>, Aim<T>> edits();

    /** What the switch gives when it is done; {@code null} for nothing. */
    @Nullable R result() {
        return null;
    }

    /** It is done. */
    void done(List<Runnable> after) {}

    /** What remains as it is when the switch fails. */
    abstract String describe();
}
