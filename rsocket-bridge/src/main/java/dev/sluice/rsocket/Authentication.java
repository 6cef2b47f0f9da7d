package dev.sluice.rsocket;

import dev.sluice.AccessDeniedException;
import dev.sluice.rsocket.security.Credentials;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.CompositeByteBuf;
import io.rsocket.Payload;
import io.rsocket.metadata.AuthMetadataCodec;
import io.rsocket.metadata.CompositeMetadata;
import io.rsocket.metadata.CompositeMetadataCodec;
import io.rsocket.metadata.WellKnownAuthType;
import io.rsocket.metadata.WellKnownMimeType;
import io.rsocket.util.DefaultPayload;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Credentials in composite metadata, as RSocket's extension {@code message/x.rsocket.authentication.v0} has them. */
final class Authentication {

    private static final String MIME = WellKnownMimeType.MESSAGE_RSOCKET_AUTHENTICATION.getString();
    private static final byte[] NO_DATA = {};

    private Authentication() {}

    /** A payload for SETUP. It lives on the heap and needs no release. */
    static Payload setup(Credentials credentials) {
        CompositeByteBuf metadata = ByteBufAllocator.DEFAULT.compositeBuffer();
        try {
            CompositeMetadataCodec.encodeAndAddMetadata(
                    metadata,
                    ByteBufAllocator.DEFAULT,
                    WellKnownMimeType.MESSAGE_RSOCKET_AUTHENTICATION,
                    encode(credentials));
            return DefaultPayload.create(NO_DATA, ByteBufUtil.getBytes(metadata));
        } finally {
            metadata.release();
        }
    }

    private static ByteBuf encode(Credentials credentials) {
        if (credentials instanceof Credentials.Simple simple) {
            return AuthMetadataCodec.encodeSimpleMetadata(
                    ByteBufAllocator.DEFAULT,
                    simple.user().toCharArray(),
                    simple.password().toCharArray());
        }
        return AuthMetadataCodec.encodeBearerMetadata(
                ByteBufAllocator.DEFAULT,
                ((Credentials.Bearer) credentials).token().toCharArray());
    }

    /**
     * The credentials a payload brings.
     *
     * @return null when there are none
     * @throws AccessDeniedException when there are some that cannot be read, or are of a type unknown here
     */
    static @Nullable Credentials of(Payload payload) {
        if (!payload.hasMetadata()) {
            return null;
        }
        try {
            for (CompositeMetadata.Entry entry : new CompositeMetadata(payload.sliceMetadata(), false)) {
                if (MIME.equals(entry.getMimeType())) {
                    return read(entry.getContent());
                }
            }
            return null;
        } catch (IllegalStateException | IllegalArgumentException | IndexOutOfBoundsException malformed) {
            // Without what was wrong: it may quote a secret.
            throw unreadable();
        }
    }

    private static Credentials read(ByteBuf content) {
        if (!AuthMetadataCodec.isWellKnownAuthType(content)) {
            throw unreadable();
        }
        WellKnownAuthType type = AuthMetadataCodec.readWellKnownAuthType(content);
        if (type == WellKnownAuthType.SIMPLE) {
            String user = AuthMetadataCodec.readUsername(content).toString(StandardCharsets.UTF_8);
            return Credentials.simple(
                    user, AuthMetadataCodec.readPassword(content).toString(StandardCharsets.UTF_8));
        }
        if (type == WellKnownAuthType.BEARER) {
            return Credentials.bearer(content.toString(StandardCharsets.UTF_8));
        }
        throw unreadable();
    }

    private static AccessDeniedException unreadable() {
        return new AccessDeniedException(
                "credentials that cannot be read: show a bearer token, or a name and a password");
    }
}
