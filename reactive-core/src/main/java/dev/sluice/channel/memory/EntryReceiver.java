package dev.sluice.channel.memory;

import dev.sluice.channel.Entry;
import reactor.core.CoreSubscriber;

/** Passes each element on with its offset. */
final class EntryReceiver<T> extends Receiver<T> {
    EntryReceiver(CoreSubscriber<?> actual) {
        super(actual);
    }

    @Override
    void emit(long offset, Object value) {
        actual.onNext(new Entry<>(offset, value));
    }
}
