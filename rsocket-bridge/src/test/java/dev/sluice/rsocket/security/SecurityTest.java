package dev.sluice.rsocket.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.AccessDeniedException;
import dev.sluice.ConnectionLostException;
import dev.sluice.Frame;
import dev.sluice.RemoteException;
import dev.sluice.Source;
import dev.sluice.rsocket.ClientOptions;
import dev.sluice.rsocket.ServerOptions;
import dev.sluice.rsocket.SessionOptions;
import dev.sluice.rsocket.SluiceClient;
import dev.sluice.rsocket.SluiceServer;
import dev.sluice.rsocket.transport.NoLeaks;
import dev.sluice.rsocket.wire.Wire;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.rsocket.Payload;
import io.rsocket.RSocket;
import io.rsocket.core.RSocketConnector;
import io.rsocket.exceptions.RejectedSetupException;
import io.rsocket.metadata.AuthMetadataCodec;
import io.rsocket.metadata.CompositeMetadataCodec;
import io.rsocket.metadata.TaggingMetadataCodec;
import io.rsocket.metadata.WellKnownMimeType;
import io.rsocket.transport.netty.client.TcpClientTransport;
import io.rsocket.util.DefaultPayload;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** Who may call what, over real sockets. */
@ExtendWith(NoLeaks.class)
class SecurityTest {

    private static final Duration LONG = Duration.ofSeconds(20);
    private static final String SECRET = "s3cret-t0ken";
    private static final String PASSWORD = "pa55word-of-anna";

    private final AtomicInteger asked = new AtomicInteger();
    private final List<SluiceClient> clients = new ArrayList<>();
    private Duration helloTimeout = LONG;
    private @Nullable SluiceServer server;

    private final Authenticator fixed = Authenticator.fixed()
            .user("anna", PASSWORD, "ops")
            .token(SECRET, "robot")
            .build();

    private final Authenticator counted = credentials -> {
        asked.incrementAndGet();
        return fixed.authenticate(credentials);
    };

    private SluiceServer start(UnaryOperator<ServerOptions.Builder> how) {
        SluiceServer started = SluiceServer.create(how.apply(ServerOptions.builder()
                                .tcp("127.0.0.1", 0)
                                .webSocket("127.0.0.1", 0)
                                .session(SessionOptions.builder()
                                        .helloTimeout(helloTimeout)
                                        .build()))
                        .build())
                .service(
                        "who",
                        request ->
                                Mono.just(Source.of(request.access().identity().name(), Flux.<Frame>empty())))
                .service(
                        "ops/who",
                        request ->
                                Mono.just(Source.of(request.access().identity().name(), Flux.<Frame>empty())));
        server = started;
        return Objects.requireNonNull(started.start().block(LONG));
    }

    private SluiceServer startGuarded() {
        return start(options -> options.authenticator(counted)
                .accessPolicy(AccessPolicy.builder()
                        .everyone("who", Verb.CALL)
                        .role("ops", "ops", Verb.CALL)
                        .build()));
    }

    private SluiceClient client(UnaryOperator<ClientOptions.Builder> how) {
        SluiceClient made = SluiceClient.create(
                how.apply(ClientOptions.tcp("127.0.0.1", port(0))).build());
        clients.add(made);
        return made;
    }

    private int port(int endpoint) {
        return Objects.requireNonNull(server).addresses().get(endpoint).getPort();
    }

    private static String who(SluiceClient client, String service) {
        return Objects.requireNonNull(client.post(service, Frame.EMPTY)
                .flatMap(
                        source -> source.frames().then(Mono.just(source.header().asText())))
                .blockLast(LONG));
    }

    private static Throwable failure(SluiceClient client, String service) {
        return Objects.requireNonNull(client.post(service, Frame.EMPTY)
                .then(Mono.<Throwable>empty())
                .onErrorResume(Mono::just)
                .block(LONG));
    }

    @AfterEach
    void close() {
        clients.forEach(client -> client.close().block(LONG));
        if (server != null) {
            server.close().block(LONG);
        }
    }

    @Test
    void bearer_thatIsRight_isWhoItIs() {
        startGuarded();

        assertThat(who(client(options -> options.bearer(SECRET)), "who")).isEqualTo("robot");
    }

    @Test
    void simple_thatIsRight_isWhoItIs() {
        startGuarded();

        assertThat(who(client(options -> options.simple("anna", PASSWORD)), "ops/who"))
                .isEqualTo("anna");
    }

    @Test
    void webSocket_carriesCredentialsToo() {
        startGuarded();
        SluiceClient web = SluiceClient.create(
                ClientOptions.webSocket("127.0.0.1", port(1)).bearer(SECRET).build());
        clients.add(web);

        assertThat(who(web, "who")).isEqualTo("robot");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void credentials_thatAreWrong_failWithoutAnotherTry(boolean bearer) {
        startGuarded();
        SluiceClient client = client(options -> bearer ? options.bearer("wrong") : options.simple("anna", "wrong"));

        assertThat(failure(client, "who"))
                .isInstanceOf(AccessDeniedException.class)
                .hasMessageContaining("127.0.0.1:" + port(0));
        assertThat(asked).hasValue(1);
        assertThat(client.connect()
                        .then(Mono.<Throwable>empty())
                        .onErrorResume(Mono::just)
                        .block(LONG))
                .isInstanceOf(AccessDeniedException.class);
        assertThat(asked).hasValue(2);
    }

    @Test
    void credentials_thatAreMissing_areRefused() {
        startGuarded();

        assertThat(failure(client(options -> options), "who"))
                .isInstanceOf(AccessDeniedException.class)
                .hasMessageContaining("credentials are needed");
        assertThat(Objects.requireNonNull(server).peers()).isEmpty();
    }

    @Test
    void credentials_areAskedForAgainForEachConnection() {
        startGuarded();
        AtomicInteger shown = new AtomicInteger();
        SluiceClient client = client(options -> options.credentials(
                Mono.fromSupplier(() -> Credentials.bearer(shown.getAndIncrement() == 0 ? "old" : SECRET))));

        assertThat(failure(client, "who")).isInstanceOf(AccessDeniedException.class);
        assertThat(who(client, "who")).isEqualTo("robot");
        assertThat(shown).hasValue(2);
    }

    @Test
    void deniedServices_answerTheSameWhetherTheyExistOrNot() {
        startGuarded();
        SluiceClient client = client(options -> options.bearer(SECRET));

        Throwable existing = failure(client, "ops/who");
        Throwable missing = failure(client, "ops/why");

        assertThat(existing).isInstanceOf(AccessDeniedException.class);
        assertThat(missing).isInstanceOf(AccessDeniedException.class);
        assertThat(String.valueOf(existing.getMessage()).replace("ops/who", "X"))
                .isEqualTo(String.valueOf(missing.getMessage()).replace("ops/why", "X"));
    }

    @Test
    void allowedServices_thatDoNotExist_areSaidNotToExist() {
        startGuarded();

        assertThat(failure(client(options -> options.simple("anna", PASSWORD)), "ops/why"))
                .isInstanceOf(RemoteException.class)
                .hasMessageContaining("no service");
    }

    @Test
    void authenticatorWithoutPolicy_allowsNothing() {
        start(options -> options.authenticator(counted));

        assertThat(failure(client(options -> options.bearer(SECRET)), "who")).isInstanceOf(AccessDeniedException.class);
    }

    @Test
    void serverWithoutAuthenticator_asksNobodyAndAllowsAll() {
        start(options -> options);

        assertThat(who(client(options -> options.bearer("whatever")), "ops/who"))
                .isEmpty();
    }

    @Test
    void policyWithoutAuthenticator_holdsForStrangers() {
        start(options -> options.accessPolicy(
                AccessPolicy.builder().everyone("who", Verb.CALL).build()));
        SluiceClient client = client(options -> options);

        assertThat(who(client, "who")).isEmpty();
        assertThat(failure(client, "ops/who")).isInstanceOf(AccessDeniedException.class);
    }

    @Test
    void authenticatorThatFails_isTriedAgainAndItsErrorIsToldToNobody() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        start(options -> options.accessPolicy(AccessPolicy.allowAll())
                .authenticator(credentials -> calls.getAndIncrement() == 0
                        ? Mono.error(new IllegalStateException("the token " + SECRET + " could not be looked up"))
                        : fixed.authenticate(credentials)));

        try (Logs logs = new Logs()) {
            assertThat(who(client(options -> options.bearer(SECRET)), "who")).isEqualTo("robot");
            assertThat(calls).hasValue(2);
            assertThat(logs.text()).contains("could not be checked").doesNotContain(SECRET);
        }
    }

    @Test
    void authenticatorThatNeverAnswers_endsTheConnectionInTime() {
        helloTimeout = Duration.ofMillis(500);
        start(options -> options.authenticator(credentials -> Mono.never()));

        Throwable failure = failure(client(options -> options.bearer(SECRET).connectionAttempts(1)), "who");

        assertThat(failure).isInstanceOf(ConnectionLostException.class).hasMessageContaining("try again later");
    }

    /** The answer of a session that a plain RSocket client opens, with a token in its first payload. */
    private Flux<Payload> sessionOf(String token) {
        return sessionWith(AuthMetadataCodec.encodeBearerMetadata(ByteBufAllocator.DEFAULT, token.toCharArray()));
    }

    private Flux<Payload> sessionWith(ByteBuf authentication) {
        CompositeByteBuf metadata = ByteBufAllocator.DEFAULT.compositeBuffer();
        ByteBuf route = TaggingMetadataCodec.createTaggingContent(ByteBufAllocator.DEFAULT, List.of(Wire.ROUTE));
        CompositeMetadataCodec.encodeAndAddMetadata(
                metadata, ByteBufAllocator.DEFAULT, WellKnownMimeType.MESSAGE_RSOCKET_ROUTING, route);
        CompositeMetadataCodec.encodeAndAddMetadata(
                metadata, ByteBufAllocator.DEFAULT, WellKnownMimeType.MESSAGE_RSOCKET_AUTHENTICATION, authentication);
        byte[] bytes = ByteBufUtil.getBytes(metadata);
        metadata.release();
        return Flux.usingWhen(
                RSocketConnector.create()
                        .metadataMimeType(WellKnownMimeType.MESSAGE_RSOCKET_COMPOSITE_METADATA.getString())
                        .connect(TcpClientTransport.create("127.0.0.1", port(0))),
                (RSocket socket) -> socket.requestChannel(
                        Flux.<Payload>concat(Mono.just(DefaultPayload.create(new byte[] {0}, bytes)), Flux.never())),
                socket -> Mono.fromRunnable(socket::dispose));
    }

    @Test
    void firstPayloadOfASession_mayBringTheCredentials() {
        startGuarded();

        Payload hello = Objects.requireNonNull(sessionOf(SECRET).next().block(LONG));

        assertThat(hello.getData().get(0)).isEqualTo((byte) 0);
        assertThat(asked).hasValue(1);
    }

    @Test
    void firstPayloadOfASession_withWrongCredentials_endsTheConnection() {
        startGuarded();

        StepVerifier.create(sessionOf("wrong"))
                .expectError(RejectedSetupException.class)
                .verify(LONG);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "80ffff", "80", "8000", "05", "0361", "0361626378", "ff00"})
    void credentials_thatCannotBeRead_endTheConnection(String hex) {
        startGuarded();

        StepVerifier.create(sessionWith(Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex))))
                .expectError(RejectedSetupException.class)
                .verify(LONG);
    }

    @Test
    void connectionThatNeverSaysWhoItIs_isEndedInTime() {
        helloTimeout = Duration.ofMillis(500);
        startGuarded();

        RSocket silent = Objects.requireNonNull(RSocketConnector.create()
                .connect(TcpClientTransport.create("127.0.0.1", port(0)))
                .block(LONG));

        StepVerifier.create(silent.onClose()).expectError().verify(LONG);
    }

    @Test
    void secrets_standInNoLogAndNoError() throws Exception {
        startGuarded();
        who(client(options -> options.bearer(SECRET)), "who");
        StringWriter errors = new StringWriter();
        String logged;
        try (Logs logs = new Logs()) {
            SluiceClient right = client(options -> options.simple("anna", PASSWORD));
            who(right, "who");
            failure(right, "nothing").printStackTrace(new PrintWriter(errors, true));
            failure(client(options -> options.bearer("wr0ng-token")), "who")
                    .printStackTrace(new PrintWriter(errors, true));
            failure(client(options -> options.simple("wr0ng-user", "wr0ng-password")), "who")
                    .printStackTrace(new PrintWriter(errors, true));
            logged = logs.text();
        }

        assertThat(logged).contains("Refused", "the credentials were refused");
        assertThat(logged + errors).doesNotContain(SECRET, PASSWORD, "wr0ng");
    }
}
