package dev.sluice.nested;

import dev.sluice.Source;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/** What happens to an announced source that nobody will subscribe to. */
final class LeftOut {

    private LeftOut() {}

    /** Releases the producer behind the source, if there is one waiting, and lets the discard hook see the source. */
    static void tell(Object announced, Context context) {
        try {
            if (announced instanceof Source source) {
                source.discard();
            }
        } catch (RuntimeException thrown) {
            // A source that breaks its promise not to throw must not take the others with it.
            Operators.onErrorDropped(thrown, context);
        }
        Operators.onDiscard(announced, context);
    }
}
