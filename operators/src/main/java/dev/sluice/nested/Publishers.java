package dev.sluice.nested;

import org.reactivestreams.Publisher;

/** What the type system cannot say about publishers. */
final class Publishers {

    private Publishers() {}

    /** A publisher only ever produces, so one of a subtype serves as one of the type. */
    @SuppressWarnings("unchecked")
    static <T> Publisher<T> covariant(Publisher<? extends T> publisher) {
        return (Publisher<T>) publisher;
    }
}
