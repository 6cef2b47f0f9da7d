package dev.sluice.channel.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sluice.ChannelExpiredException;
import dev.sluice.Frame;
import dev.sluice.channel.Channel;
import dev.sluice.channel.ChannelOptions;
import dev.sluice.channel.Channels;
import dev.sluice.channel.Position;
import dev.sluice.channel.Retention;
import dev.sluice.channel.SendResult;
import dev.sluice.channel.WhenNoGroup;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;
import reactor.test.subscriber.TestSubscriber;

/** What a change of the retention refuses, and what it says of a channel. */
class RetainTest {

    private static final Retention BYTES = Retention.bytes(100);

    private static void assertRefused(Channel<Integer> channel, String why) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> channel.retain(BYTES).block())
                .withMessageContaining("byte[]")
                .withMessageContaining(why);
    }

    private static List<Integer> kept(Channel<Integer> channel) {
        TestSubscriber<Integer> listener = TestSubscriber.create();
        channel.listen(Position.earliest()).subscribe(listener);
        listener.cancel();
        return listener.getReceivedOnNext();
    }

    @Test
    void retain_bytesWhereElementsThatAreKeptHaveNone_isRefusedAndChangesNothing() {
        Channel<Integer> channel = Channel.create(ChannelOptions.builder()
                .retention(Retention.last(2))
                .whenNoGroup(WhenNoGroup.DISCARD)
                .build());
        channel.sendAll(Flux.range(1, 5)).block();

        assertRefused(channel, "retained");

        assertThat(kept(channel)).containsExactly(4, 5);
        assertThat(channel.trySend(6)).isEqualTo(SendResult.ACCEPTED);
        assertThat(kept(channel)).containsExactly(5, 6);
    }

    @Test
    void retain_bytesWhereElementsThatWaitHaveNone_isRefusedAndChangesNothing() {
        Channel<Integer> channel = Channel.create(2);
        assertThat(channel.trySend(1)).isEqualTo(SendResult.ACCEPTED);

        assertRefused(channel, "Integer");

        assertThat(channel.trySend(2)).isEqualTo(SendResult.ACCEPTED);
        assertThat(channel.trySend(3)).isEqualTo(SendResult.FULL);
        assertThat(channel.receive().take(2).collectList().block()).containsExactly(1, 2);
        assertThat(channel.stats().block().retained()).isZero();
    }

    @Test
    void retain_bytesWhereElementsThatWaitToBeSentHaveNone_isRefusedAndChangesNothing() {
        Channel<Integer> channel = Channel.create(0);
        TestSubscriber<Void> waiting = TestSubscriber.create();
        channel.send(1).subscribe(waiting);

        assertRefused(channel, "waits to be sent");

        assertThat(channel.receive().blockFirst()).isEqualTo(1);
        assertThat(waiting.isTerminatedComplete()).isTrue();
    }

    @Test
    void retain_bytesOfWhatIsNotThereAnyMore_isNotRefused_butWhatComes() {
        Channel<Integer> channel = Channel.create(ChannelOptions.builder()
                .retention(Retention.all())
                .whenNoGroup(WhenNoGroup.DISCARD)
                .build());
        assertThat(channel.trySend(1)).isEqualTo(SendResult.ACCEPTED);
        channel.retain(Retention.none()).block();

        channel.retain(BYTES).block();

        assertThatIllegalArgumentException().isThrownBy(() -> channel.trySend(2));
        StepVerifier.create(channel.send(2)).verifyError(IllegalArgumentException.class);
        StepVerifier.create(channel.sendAll(Flux.range(1, 5))).verifyError(IllegalArgumentException.class);
        channel.retain(Retention.none()).block();
        assertThat(channel.trySend(3)).isEqualTo(SendResult.ACCEPTED);
    }

    @Test
    void retain_fewer_letsTheRestGoAtOnce() {
        MemoryChannel<Integer> channel = new MemoryChannel<>(ChannelOptions.builder()
                .retention(Retention.all())
                .whenNoGroup(WhenNoGroup.DISCARD)
                .build());
        channel.sendAll(Flux.range(1, 5)).block();

        channel.retain(Retention.last(2)).block();

        assertThat(channel.history().count()).isEqualTo(2);
    }

    @Test
    void retain_none_discardsNothingThatWasKept_andWhatNobodyWantsAgain() {
        List<Object> discarded = new ArrayList<>();
        Channel<Integer> channel = Channel.create(ChannelOptions.builder()
                .retention(Retention.all())
                .whenNoGroup(WhenNoGroup.DISCARD)
                .onDiscard(discarded::add)
                .build());
        assertThat(channel.trySend(1)).isEqualTo(SendResult.ACCEPTED);

        channel.retain(Retention.none()).block();
        assertThat(channel.trySend(2)).isEqualTo(SendResult.ACCEPTED);

        assertThat(discarded).containsExactly(2);
        assertThat(channel.stats().block().dropped()).isEqualTo(1);
    }

    @Test
    void retain_saysHowTheChannelIsToBe_soItDoesNotExpire() {
        Channels channels = Channels.inMemory();
        channels.channel("kept").retain(Retention.none()).block();

        assertThat(channels.deleteIfIdle("kept").block()).isFalse();
    }

    @Test
    void retain_ofAnExpiredChannel_isRefused() {
        Channels channels = Channels.inMemory();
        Channel<Frame> channel = channels.channel("a");
        channels.deleteIfIdle("a").block();

        StepVerifier.create(channel.retain(Retention.all())).verifyError(ChannelExpiredException.class);
    }

    @Test
    void retain_whereTheChannelIsElsewhere_isRefusedWithTheRemedy() {
        Channel<?> elsewhere = (Channel<?>) Proxy.newProxyInstance(
                Channel.class.getClassLoader(),
                new Class<?>[] {Channel.class},
                (it, method, of) ->
                        method.getName().equals("name") ? "far" : InvocationHandler.invokeDefault(it, method, of));

        StepVerifier.create(elsewhere.retain(Retention.all()))
                .expectErrorSatisfies(error -> assertThat(error)
                        .isInstanceOf(UnsupportedOperationException.class)
                        .hasMessageContaining("\"far\"")
                        .hasMessageContaining("elsewhere"))
                .verify();
    }
}
