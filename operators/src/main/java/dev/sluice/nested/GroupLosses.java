package dev.sluice.nested;

import dev.sluice.nested.GroupDrop.Reason;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Operators;

/** The one door through which elements are lost to a limit: each is counted, reported and discarded. */
final class GroupLosses {

    private static final Logger LOG = LoggerFactory.getLogger(NestedFlux.class);

    private final @Nullable Consumer<? super GroupDrop> listener;

    GroupLosses(@Nullable Consumer<? super GroupDrop> listener) {
        this.listener = listener;
    }

    <K, T> void drop(GroupSeat<K, T> seat, T element, Reason reason) {
        Operators.onDiscard(element, seat.currentContext());
        report(seat, reason, 1);
    }

    <K, T> void dropAll(GroupSeat<K, T> seat, Reason reason) {
        int count = seat.size();
        if (count > 0) {
            seat.discardBuffer();
            report(seat, reason, count);
        }
    }

    private void report(GroupSeat<?, ?> seat, Reason reason, int count) {
        boolean first = seat.dropped() == 0;
        seat.countDropped(count);
        if (listener == null) {
            if (first) {
                LOG.warn(
                        "groupBy drops elements of group {}: {} ({} so far; further ones are counted, not logged)",
                        Keys.shown(seat.key()),
                        reason,
                        count);
            }
            return;
        }
        try {
            listener.accept(new GroupDrop(seat.key(), reason, count));
        } catch (RuntimeException thrown) {
            // A listener that breaks its promise not to throw must not end the groups it hears of.
            Operators.onErrorDropped(thrown, seat.currentContext());
        }
    }
}
