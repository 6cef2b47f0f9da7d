package dev.sluice.rsocket.plain;

import static dev.sluice.rsocket.plain.Rider.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.Frame;
import dev.sluice.Source;
import dev.sluice.channel.Channels;
import dev.sluice.rsocket.PlainOptions;
import dev.sluice.rsocket.ServerOptions;
import dev.sluice.rsocket.SluiceServer;
import dev.sluice.rsocket.security.AccessPolicy;
import dev.sluice.rsocket.security.Authenticator;
import dev.sluice.rsocket.security.SelfGuarded;
import dev.sluice.rsocket.security.Verb;
import dev.sluice.rsocket.transport.NoLeaks;
import io.rsocket.exceptions.RejectedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Who may do what by plain routes. */
@ExtendWith(NoLeaks.class)
class PlainAccessTest {

    private static final AccessPolicy POLICY = AccessPolicy.builder()
            .everyone("orders", Verb.SEND)
            .everyone("news", Verb.LISTEN)
            .everyone("open", Verb.CALL)
            .build();

    private final Channels channels = Channels.inMemory();
    private final List<Rider> riders = new ArrayList<>();
    private SluiceServer server;

    private void start(UnaryOperator<ServerOptions.Builder> how) {
        server = SluiceServer.create(
                        how.apply(ServerOptions.builder().tcp("127.0.0.1", 0)).build())
                .channels(channels)
                .service("open", request -> Mono.just(Source.of("s", Flux.just(request.body()))))
                .service("shut", request -> Mono.just(Source.of("s", Flux.just(request.body()))));
        server.start().block(LONG);
    }

    @AfterEach
    void stop() {
        riders.forEach(Rider::close);
        server.close().block(LONG);
    }

    private Rider connect() {
        Rider made = Rider.of(server, false);
        riders.add(made);
        return made;
    }

    private static String refusal(Flux<?> asked) {
        return Objects.requireNonNull(asked.then(Mono.<String>empty())
                .onErrorResume(RejectedException.class, refused -> Mono.just(String.valueOf(refused.getMessage())))
                .block(LONG));
    }

    @Test
    void routes_askForTheRightToWhatTheyDo() {
        start(options -> options.accessPolicy(POLICY));
        Rider rider = connect();
        channels.channel("news");

        assertThat(rider.ask("channel.orders", "tea").block(LONG)).isEmpty();
        assertThat(rider.ask("service.open", "hi").block(LONG)).isEqualTo("hi");
        assertThat(rider.texts("channel.news?listen=latest")
                        .take(java.time.Duration.ofMillis(1))
                        .collectList()
                        .block(LONG))
                .isEmpty();
        assertThat(refusal(rider.texts("channel.orders"))).startsWith("DENIED: RECEIVE of \"orders\"");
        assertThat(refusal(rider.texts("channel.orders?listen=latest"))).startsWith("DENIED: LISTEN of ");
        assertThat(refusal(rider.texts("channel.news"))).startsWith("DENIED: RECEIVE of ");
        assertThat(refusal(rider.ask("channel.news", "x").flux())).startsWith("DENIED: SEND of ");
        assertThat(refusal(rider.sendAll("channel.news", Flux.just("x")))).startsWith("DENIED: SEND of ");
        assertThat(refusal(rider.ask("service.shut", "").flux())).startsWith("DENIED: CALL of ");
        assertThat(refusal(rider.texts("service.shut"))).startsWith("DENIED: CALL of ");
        rider.tell("channel.news", "x").block(LONG);
        await().until(() -> server.dropped() == 1);
    }

    @Test
    void refusals_sayNothingOfWhetherTheNameExists() {
        start(options -> options.accessPolicy(POLICY));
        Rider rider = connect();
        channels.channel("secret");

        for (String route : List.of("channel.secret", "channel.secret?groop=x", "service.shut")) {
            String nobody = route.replaceAll("secret|shut", "nobody");
            assertThat(refusal(rider.texts(route)).replaceAll("secret|shut", "nobody"))
                    .isEqualTo(refusal(rider.texts(nobody)));
        }
        assertThat(channels.find("nobody").block(LONG)).isNull();
    }

    @Test
    void refusals_ofServicesWithRightsOfTheirOwn_sayNothingOfWhetherTheyAreOffered() {
        start(options -> options.accessPolicy(POLICY));
        Rider rider = connect();
        SelfGuarded mine = request -> Flux.empty();
        server.service("mine", mine);

        assertThat(refusal(rider.texts("service.mine")).replace("mine", "nobody"))
                .isEqualTo(refusal(rider.texts("service.nobody")))
                .startsWith("DENIED: ");
    }

    @Test
    void channels_listsWhatTheCallerMayUse() {
        start(options -> options.accessPolicy(POLICY));
        Rider rider = connect();
        List.of("news", "orders", "secret").forEach(channels::channel);

        assertThat(rider.ask("channels", "").block(LONG))
                .contains("\"news\"", "\"orders\"")
                .doesNotContain("secret");
    }

    @Test
    void request_withoutCredentials_isRefused() {
        start(options -> options.authenticator(
                        Authenticator.fixed().token("t0ken", "robot").build())
                .accessPolicy(POLICY));

        assertThat(refusal(connect().ask("channel.orders", "tea").flux())).contains("DENIED: ", "SETUP");
        assertThat(refusal(connect().ask("channels", "").flux())).contains("DENIED: ", "SETUP");
    }

    @Test
    void request_withCredentialsOfSetup_isServed() {
        start(options -> options.authenticator(
                        Authenticator.fixed().token("t0ken", "robot").build())
                .accessPolicy(POLICY));
        Rider rider = Rider.bearing(server, "t0ken");
        riders.add(rider);

        assertThat(rider.ask("channel.orders", "tea").block(LONG)).isEmpty();
        assertThat(channels.channel("orders").receive().map(Frame::asText).blockFirst(LONG))
                .isEqualTo("tea");
    }

    @Test
    void routes_switchedOff_refuseAll() {
        start(options -> options.plain(PlainOptions.builder().mostStreams(0).build()));
        Rider rider = connect();

        assertThat(refusal(rider.ask("channel.orders", "tea").flux())).contains("no plain routes", "mostStreams");
        rider.tell("channel.orders", "x").block(LONG);
        await().until(() -> server.dropped() == 1);
    }
}
