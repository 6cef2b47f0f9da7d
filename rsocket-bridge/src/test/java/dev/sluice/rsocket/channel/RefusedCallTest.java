package dev.sluice.rsocket.channel;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sluice.AccessDeniedException;
import dev.sluice.Frame;
import dev.sluice.channel.Channel;
import dev.sluice.channel.ChannelOptions;
import dev.sluice.channel.Channels;
import dev.sluice.rsocket.Call;
import dev.sluice.rsocket.ClientOptions;
import dev.sluice.rsocket.ServerOptions;
import dev.sluice.rsocket.SessionOptions;
import dev.sluice.rsocket.SluiceClient;
import dev.sluice.rsocket.SluiceServer;
import dev.sluice.rsocket.security.AccessPolicy;
import dev.sluice.rsocket.security.Verb;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.test.subscriber.TestSubscriber;

/** A call that is refused before the server has read its tags tells the server nothing. */
class RefusedCallTest {

    private static final Duration LONG = Duration.ofSeconds(20);

    private final Channels there =
            Channels.inMemory(ChannelOptions.builder().capacity(10).build());
    private final SluiceServer server = SluiceServer.create(ServerOptions.builder()
                    .tcp("127.0.0.1", 0)
                    .accessPolicy(AccessPolicy.builder()
                            .everyone("orders", Verb.SEND)
                            .everyone("full", Verb.SEND)
                            .build())
                    .build())
            .channels(there);
    private SluiceClient client =
            SluiceClient.create(ClientOptions.tcp("127.0.0.1", 1).build());

    @BeforeEach
    void start() {
        server.start().block(LONG);
        client = SluiceClient.create(ClientOptions.tcp("127.0.0.1", server.port())
                .session(SessionOptions.builder()
                        .closeTimeout(Duration.ofMillis(1))
                        .build())
                .build());
    }

    @AfterEach
    void stop() {
        client.close().block(LONG);
        server.close().block(LONG);
    }

    @Test
    void outcomesThatARefusedCallTold_areToldAgain() {
        Channel<Frame> full = Objects.requireNonNull(
                there.create("full", ChannelOptions.builder().capacity(1).build())
                        .block(LONG));
        full.send(Frame.text("first")).block(LONG);
        Channels here = RemoteChannels.of(client);
        here.channel("full").send(Frame.text("waits, is number 1")).subscribe(TestSubscriber.create());
        await().atMost(LONG)
                .until(() -> Objects.requireNonNull(full.stats().block(LONG)).waitingSends() == 1);
        here.channel("orders").send(Frame.text("is number 2")).block(LONG);

        assertThatThrownBy(() -> here.channel("secret")
                        .send(Frame.text("tells of 2 and is refused"))
                        .block(LONG))
                .isInstanceOf(AccessDeniedException.class);
        here.channel("orders").send(Frame.text("tells of 2 again")).block(LONG);

        assertThatThrownBy(() -> client.call(Call.to(Verbs.WITHDRAW).tag(Verbs.NUMBER, "2"))
                        .blockLast(LONG))
                .as("the server has forgotten number 2")
                .hasMessageContaining("nothing to withdraw");
    }
}
