package dev.sluice.rsocket;

import dev.sluice.rsocket.wire.Wire;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import io.rsocket.Payload;
import io.rsocket.metadata.CompositeMetadata;
import io.rsocket.metadata.CompositeMetadataCodec;
import io.rsocket.metadata.RoutingMetadata;
import io.rsocket.metadata.TaggingMetadataCodec;
import io.rsocket.metadata.WellKnownMimeType;
import java.util.Iterator;
import java.util.List;

/** Routes in composite metadata. */
final class Routes {

    static final String COMPOSITE = WellKnownMimeType.MESSAGE_RSOCKET_COMPOSITE_METADATA.getString();
    private static final String ROUTING = WellKnownMimeType.MESSAGE_RSOCKET_ROUTING.getString();

    private Routes() {}

    /** Metadata that says the route of a session. */
    static ByteBuf ofSession() {
        CompositeByteBuf metadata = ByteBufAllocator.DEFAULT.compositeBuffer();
        ByteBuf route = TaggingMetadataCodec.createTaggingContent(ByteBufAllocator.DEFAULT, List.of(Wire.ROUTE));
        CompositeMetadataCodec.encodeAndAddMetadata(
                metadata, ByteBufAllocator.DEFAULT, WellKnownMimeType.MESSAGE_RSOCKET_ROUTING, route);
        return metadata;
    }

    /** Whether a payload begins a session: the first tag of its routing metadata says so. */
    static boolean isSession(Payload payload) {
        if (!payload.hasMetadata()) {
            return false;
        }
        try {
            for (CompositeMetadata.Entry entry : new CompositeMetadata(payload.sliceMetadata(), false)) {
                if (ROUTING.equals(entry.getMimeType())) {
                    Iterator<String> tags = new RoutingMetadata(entry.getContent()).iterator();
                    return tags.hasNext() && Wire.ROUTE.equals(tags.next());
                }
            }
            return false;
        } catch (IllegalStateException | IllegalArgumentException | IndexOutOfBoundsException malformed) {
            return false;
        }
    }
}
