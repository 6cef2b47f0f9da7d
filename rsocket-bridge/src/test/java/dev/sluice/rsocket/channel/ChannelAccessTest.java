package dev.sluice.rsocket.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.AccessDeniedException;
import dev.sluice.Frame;
import dev.sluice.channel.Channel;
import dev.sluice.channel.Channels;
import dev.sluice.rsocket.ServerOptions;
import dev.sluice.rsocket.SluiceServer;
import dev.sluice.rsocket.security.AccessPolicy;
import dev.sluice.rsocket.security.Verb;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** Who may do what with channels from afar. */
class ChannelAccessTest {

    private static final Duration LONG = Duration.ofSeconds(20);

    private final Channels there = Channels.inMemory();
    private final SluiceServer server = SluiceServer.create(ServerOptions.builder()
                    .tcp("127.0.0.1", 0)
                    .accessPolicy(AccessPolicy.builder()
                            .everyone("orders", Verb.SEND)
                            .everyone("news", Verb.LISTEN)
                            .build())
                    .build())
            .channels(there);
    private Channels here = there;

    @BeforeEach
    void start() {
        server.start().block(LONG);
        here = Channels.open("rsocket://127.0.0.1:" + server.port());
    }

    @AfterEach
    void stop() {
        here.close().block(LONG);
        server.close().block(LONG);
    }

    private static void assertDenied(Publisher<?> operation) {
        StepVerifier.create(operation).expectError(AccessDeniedException.class).verify(LONG);
    }

    @Test
    void sender_mayOnlySend() {
        Channel<Frame> orders = here.channel("orders");

        orders.send(Frame.text("tea")).block(LONG);

        assertThat(Objects.requireNonNull(orders.stats().block(LONG)).accepted())
                .isEqualTo(1);
        assertDenied(orders.receive());
        assertDenied(orders.receiveAcked("g"));
        assertDenied(orders.listen());
        assertDenied(orders.resize(5));
        assertDenied(orders.removeGroup("g"));
        assertDenied(here.delete("orders"));
        assertThat(there.channel("orders").isClosed()).isFalse();
    }

    @Test
    void others_areRefusedWhetherOrNotTheChannelExists() {
        there.channel("secret");

        List<String> refusals = List.of("secret", "nobody").stream()
                .map(name -> Objects.requireNonNull(here.channel(name)
                        .send(Frame.EMPTY)
                        .then(Mono.<Throwable>empty())
                        .onErrorResume(Mono::just)
                        .block(LONG)))
                .map(refusal -> String.valueOf(refusal.getMessage()).replaceAll("secret|nobody", "NAME"))
                .toList();

        assertThat(refusals).hasSize(2).containsOnly(refusals.get(0));
        assertThat(refusals.get(0)).contains("SEND").contains("NAME");
        assertThat(there.find("nobody").block(LONG)).isNull();
        assertDenied(here.list(""));
        assertDenied(here.events());
        assertDenied(here.broadcast("", Frame.EMPTY));
    }
}
