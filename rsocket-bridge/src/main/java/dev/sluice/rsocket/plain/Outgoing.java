package dev.sluice.rsocket.plain;

import dev.sluice.Frame;
import org.jspecify.annotations.Nullable;

/**
 * A frame on its way to a client.
 *
 * @param metadata composite metadata, or null when there is none
 * @param data the frame
 * @param whenHandedOver runs once the connection has it; not at all when it never gets there
 */
record Outgoing(
        @Nullable Frame metadata, Frame data, @Nullable Runnable whenHandedOver) {

    int size() {
        Frame along = metadata;
        return data.size() + (along == null ? 0 : along.size());
    }
}
