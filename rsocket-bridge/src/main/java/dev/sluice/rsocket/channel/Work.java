package dev.sluice.rsocket.channel;

import dev.sluice.Frame;
import dev.sluice.rsocket.Request;
import org.reactivestreams.Publisher;

/** What an operation does here. Let go of as soon as it has begun, unless it is {@link Resumable}. */
interface Work {

    /** Does it, once: gives its outcome, a frame or nothing. */
    Publisher<Frame> begin();

    /** One whose sources come with its call, and with the new call when its publisher lost its connection. */
    interface Resumable extends Work {

        /** The operation is asked for again. */
        void resume(Request again);
    }
}
