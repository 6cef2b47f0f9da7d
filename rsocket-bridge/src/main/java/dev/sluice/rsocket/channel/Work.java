package dev.sluice.rsocket.channel;

import dev.sluice.Frame;
import dev.sluice.rsocket.Request;
import org.reactivestreams.Publisher;

/** What an operation does here. */
interface Work {

    /** Does it, once: gives its outcome, a frame or nothing. */
    Publisher<Frame> begin();

    /** The operation is asked for again, by a publisher that lost its connection: its sources come with the new call. */
    default void resume(Request again) {}
}
