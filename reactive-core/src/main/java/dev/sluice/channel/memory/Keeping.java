package dev.sluice.channel.memory;

import dev.sluice.channel.ChannelOptions;
import dev.sluice.channel.Retention;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;

/**
 * Which elements stay when every reader has passed them, for readers that come later.
 *
 * <p><b>A change</b> is made with the gate shut and all groups locked. Readers on their way through the history hold its
 * nodes, and have been told that they need no slot before the ticket at which they came: so before a history is given up
 * it gets what of that is still in the ring. From then on nobody appends to it, and it goes with its last reader.
 *
 * @param <T> the element
 */
abstract class Keeping<T> extends Admission<T> {
    private final Scheduler clock;

    /** What is retained; {@code null} while nothing is to be. Replaced only with the gate shut; a hint without the lock. */
    private volatile @Nullable History history;

    Keeping(ChannelOptions options) {
        super(options);
        this.clock = options.clock();
        this.history = begin(null, options.retention());
    }

    final @Nullable History history() {
        return history;
    }

    /** Of what is retained, for as long as that is not changed. */
    final Replay<T> replay() {
        return new Replay<>(this, history);
    }

    /** Under the lock: what replays is retained now; or another, if that has changed. */
    final Replay<T> replayFrom(Replay<T> walked) {
        return walked.isOf(history) ? walked : replay();
    }

    @Override
    final boolean retains() {
        return history != null;
    }

    @Override
    final void check(T element) {
        History retained = history;
        if (retained != null) {
            retained.check(element);
        }
    }

    /**
     * With the gate shut and all groups locked: something else is retained from now on.
     *
     * @throws IllegalArgumentException when what is here cannot be retained so; then nothing has changed
     */
    final void keep(Retention retention) {
        awaitPublished(oldestInRing());
        // What all have passed goes or stays by what was said before.
        release();
        History past = history;
        if (retention instanceof Retention.Bytes) {
            requireMeasured(past);
        }
        boolean wasTimed = isTimed();
        if (past != null && retention == Retention.none()) {
            fulfil(past);
        }
        history = begin(past, retention);
        if (isTimed() != wasTimed) {
            restampRing();
        }
        // Which lets go what is not retained any more.
        long unused = replay().retained();
    }

    /** Has elements examined as a retention needs it, and begins it with what was retained before. */
    private @Nullable History begin(@Nullable History past, Retention retention) {
        examine(retention instanceof Retention.Bytes, retention instanceof Retention.Age, clock);
        if (retention == Retention.none()) {
            return null;
        }
        return past == null ? new History(retention, now()) : past.as(retention, now());
    }

    private void requireMeasured(@Nullable History past) {
        if (past != null) {
            // Which lets go first what is not retained any more.
            long unused = replay().retained();
            if (!past.isMeasured()) {
                throw History.unmeasured("all that is retained");
            }
        }
        for (long ticket = oldestInRing(); ticket < nextOffset(); ticket++) {
            Object value = slot(ticket);
            if (value != null && value != Ring.SKIPPED && !History.isMeasured(value)) {
                throw History.unmeasured(value.getClass().getName() + ", which waits for a receiver");
            }
        }
        if (anyWaits(element -> !History.isMeasured(element))) {
            throw History.unmeasured("all that waits to be sent");
        }
    }

    /** Gives readers on their way what they were promised and is still in the ring. */
    private void fulfil(History past) {
        long promised = 0;
        for (Group<T> group : groups) {
            if (isReplaying(group)) {
                promised = Math.max(promised, group.floor());
            }
        }
        for (long ticket = base; ticket < promised; ticket++) {
            Object value = slot(ticket);
            if (value != null && value != Ring.SKIPPED) {
                past.append(ticket, value, Ring.UNSTAMPED);
            }
        }
    }
}
