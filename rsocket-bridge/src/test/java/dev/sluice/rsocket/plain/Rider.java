package dev.sluice.rsocket.plain;

import dev.sluice.rsocket.SluiceServer;
import dev.sluice.rsocket.transport.NettyConnection;
import dev.sluice.rsocket.transport.TransportOptions;
import dev.sluice.rsocket.transport.Transports;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.CompositeByteBuf;
import io.rsocket.DuplexConnection;
import io.rsocket.Payload;
import io.rsocket.RSocket;
import io.rsocket.core.RSocketConnector;
import io.rsocket.metadata.AuthMetadataCodec;
import io.rsocket.metadata.CompositeMetadata;
import io.rsocket.metadata.CompositeMetadataCodec;
import io.rsocket.metadata.TaggingMetadataCodec;
import io.rsocket.metadata.WellKnownMimeType;
import io.rsocket.transport.ClientTransport;
import io.rsocket.transport.netty.client.TcpClientTransport;
import io.rsocket.transport.netty.client.WebsocketClientTransport;
import io.rsocket.util.DefaultPayload;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A client of RSocket's own, on its own transport, that knows nothing of sessions. */
final class Rider {

    static final Duration LONG = Duration.ofSeconds(20);

    final RSocket rsocket;

    private Rider(RSocket rsocket) {
        this.rsocket = rsocket;
    }

    static Rider of(SluiceServer server, boolean webSocket) {
        int port = server.addresses().get(webSocket ? 1 : 0).getPort();
        return over(
                webSocket
                        ? WebsocketClientTransport.create("127.0.0.1", port)
                        : TcpClientTransport.create("127.0.0.1", port));
    }

    private static Rider over(ClientTransport transport) {
        return new Rider(Objects.requireNonNull(connector().connect(transport).block(LONG)));
    }

    private static RSocketConnector connector() {
        return RSocketConnector.create()
                .metadataMimeType(WellKnownMimeType.MESSAGE_RSOCKET_COMPOSITE_METADATA.getString());
    }

    /** One whose reading can be stopped, put into {@code connection}. */
    static Rider stoppable(SluiceServer server, List<NettyConnection> connection) {
        ClientTransport transport = Transports.client(
                TransportOptions.tcp("127.0.0.1", server.port()).build());
        return over(new ClientTransport() {
            @Override
            public Mono<DuplexConnection> connect() {
                return transport.connect().doOnNext(made -> connection.add((NettyConnection) made));
            }

            @Override
            public int maxFrameLength() {
                return TransportOptions.LONGEST_FRAME;
            }
        });
    }

    /** One that sends long payloads in pieces. */
    static Rider fragmenting(SluiceServer server, int bytes) {
        return new Rider(Objects.requireNonNull(connector()
                .fragment(bytes)
                .connect(TcpClientTransport.create("127.0.0.1", server.port()))
                .block(LONG)));
    }

    /** One that shows a token with SETUP. */
    static Rider bearing(SluiceServer server, String token) {
        CompositeByteBuf metadata = ByteBufAllocator.DEFAULT.compositeBuffer();
        CompositeMetadataCodec.encodeAndAddMetadata(
                metadata,
                ByteBufAllocator.DEFAULT,
                WellKnownMimeType.MESSAGE_RSOCKET_AUTHENTICATION,
                AuthMetadataCodec.encodeBearerMetadata(ByteBufAllocator.DEFAULT, token.toCharArray()));
        Payload setup = DefaultPayload.create(new byte[0], ByteBufUtil.getBytes(metadata));
        metadata.release();
        return new Rider(Objects.requireNonNull(connector()
                .setupPayload(setup)
                .connect(TcpClientTransport.create("127.0.0.1", server.port()))
                .block(LONG)));
    }

    static byte[] metadata(String route) {
        CompositeByteBuf metadata = ByteBufAllocator.DEFAULT.compositeBuffer();
        try {
            ByteBuf tag = TaggingMetadataCodec.createTaggingContent(ByteBufAllocator.DEFAULT, List.of(route));
            CompositeMetadataCodec.encodeAndAddMetadata(
                    metadata, ByteBufAllocator.DEFAULT, WellKnownMimeType.MESSAGE_RSOCKET_ROUTING, tag);
            return ByteBufUtil.getBytes(metadata);
        } finally {
            metadata.release();
        }
    }

    static Payload payload(String route, String data) {
        return DefaultPayload.create(data.getBytes(StandardCharsets.UTF_8), metadata(route));
    }

    Mono<String> ask(String route, String data) {
        return rsocket.requestResponse(payload(route, data)).map(Rider::text);
    }

    Mono<Void> tell(String route, String data) {
        return rsocket.fireAndForget(payload(route, data));
    }

    Flux<Payload> stream(String route) {
        return rsocket.requestStream(payload(route, ""));
    }

    Flux<String> texts(String route) {
        return stream(route).map(Rider::text);
    }

    Flux<String> sendAll(String route, Flux<String> data) {
        return rsocket.requestChannel(data.index()
                        .map(at -> at.getT1() == 0 ? payload(route, at.getT2()) : DefaultPayload.create(at.getT2())))
                .map(Rider::text);
    }

    static String text(Payload payload) {
        String text = payload.getDataUtf8();
        payload.release();
        return text;
    }

    /** The entries of a payload's metadata by MIME type. */
    static Map<String, String> entries(Payload payload) {
        Map<String, String> entries = new LinkedHashMap<>();
        for (CompositeMetadata.Entry entry : new CompositeMetadata(payload.sliceMetadata(), false)) {
            entries.put(String.valueOf(entry.getMimeType()), entry.getContent().toString(StandardCharsets.UTF_8));
        }
        return entries;
    }

    void close() {
        rsocket.dispose();
        rsocket.onClose().onErrorComplete().block(LONG);
    }
}
