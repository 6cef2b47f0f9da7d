package dev.sluice.rsocket.plain;

import dev.sluice.Frame;
import dev.sluice.rsocket.PlainOptions;
import io.rsocket.Payload;

/**
 * What the streams of one connection share.
 *
 * @param options windows
 * @param longest bytes of the longest frame that is taken in
 * @param gate the socket
 * @param waiting sends without room
 */
record Limits(PlainOptions options, int longest, Gate gate, Waiting waiting) {

    /** The data of a request, which is released. */
    static Frame taken(Payload payload) {
        try {
            return Frame.of(payload.data().nioBuffer());
        } finally {
            payload.release();
        }
    }
}
