package dev.sluice.rsocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.rsocket.security.AccessPolicy;
import dev.sluice.rsocket.security.Identity;
import dev.sluice.rsocket.transport.NoLeaks;
import dev.sluice.rsocket.wire.Wire;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.rsocket.Payload;
import io.rsocket.RSocket;
import io.rsocket.core.RSocketConnector;
import io.rsocket.exceptions.RejectedException;
import io.rsocket.metadata.AuthMetadataCodec;
import io.rsocket.metadata.CompositeMetadataCodec;
import io.rsocket.metadata.WellKnownMimeType;
import io.rsocket.transport.netty.client.TcpClientTransport;
import io.rsocket.util.ByteBufPayload;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Sessions that are asked for on one connection while its authenticator thinks. */
@ExtendWith(NoLeaks.class)
class AdmissionTest {

    private static final Duration LONG = Duration.ofSeconds(20);

    private final AtomicInteger asked = new AtomicInteger();
    private final Sinks.One<Identity> answer = Sinks.one();
    private final SluiceServer server = SluiceServer.create(ServerOptions.builder()
            .tcp("127.0.0.1", 0)
            .session(SessionOptions.builder().helloTimeout(LONG).build())
            .authenticator(shown -> {
                asked.incrementAndGet();
                return answer.asMono();
            })
            .accessPolicy(AccessPolicy.builder().build())
            .build());
    private RSocket stranger;

    @BeforeEach
    void connect() {
        server.start().block(LONG);
        stranger = Objects.requireNonNull(RSocketConnector.create()
                .metadataMimeType(Routes.COMPOSITE)
                .connect(TcpClientTransport.create("127.0.0.1", server.port()))
                .block(LONG));
    }

    @AfterEach
    void close() {
        stranger.dispose();
        server.close().block(LONG);
    }

    private Flux<Payload> session() {
        return Flux.defer(() -> {
            CompositeByteBuf metadata = (CompositeByteBuf) Routes.ofSession();
            CompositeMetadataCodec.encodeAndAddMetadata(
                    metadata,
                    ByteBufAllocator.DEFAULT,
                    WellKnownMimeType.MESSAGE_RSOCKET_AUTHENTICATION,
                    AuthMetadataCodec.encodeBearerMetadata(ByteBufAllocator.DEFAULT, "t0ken".toCharArray()));
            Payload first = ByteBufPayload.create(Unpooled.buffer().writeByte(Wire.PLAIN), metadata);
            return stranger.requestChannel(Flux.just(first).concatWith(Flux.never()))
                    .doOnNext(Payload::release);
        });
    }

    private static Throwable failure(Flux<Payload> session) {
        return Objects.requireNonNull(
                session.then(Mono.<Throwable>empty()).onErrorResume(Mono::just).block(LONG));
    }

    @Test
    void session_whileOneIsBeingAdmitted_isRefusedWithoutAskingAgain() {
        session().onErrorComplete().subscribe();
        await().until(() -> asked.get() == 1);

        assertThat(failure(session())).isInstanceOf(RejectedException.class).hasMessageContaining("session already");
        assertThat(asked).hasValue(1);
        answer.tryEmitValue(Identity.of("robot"));

        await().until(() -> server.peers().size() == 1);
        assertThat(failure(session())).isInstanceOf(RejectedException.class);
    }

    @Test
    void session_afterOneThatWasGivenUp_isAdmitted() {
        Disposable first = session().onErrorComplete().subscribe();
        await().until(() -> asked.get() == 1);

        first.dispose();
        session().onErrorComplete().subscribe();

        await().until(() -> asked.get() == 2);
    }
}
