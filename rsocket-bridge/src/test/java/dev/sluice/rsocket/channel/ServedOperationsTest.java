package dev.sluice.rsocket.channel;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.Frame;
import dev.sluice.channel.Channel;
import dev.sluice.channel.ChannelOptions;
import dev.sluice.channel.Channels;
import dev.sluice.rsocket.Request;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What waits is counted as what it takes up, and refused beyond the limit. */
class ServedOperationsTest {

    private static final Duration LONG = Duration.ofSeconds(20);

    /** Of which one client may have a quarter. */
    private static final long BYTES = 65_536;

    private final ServedOperations operations = new ServedOperations(Duration.ofMinutes(1), BYTES);
    private final Channel<Frame> full = full();

    private static Channel<Frame> full() {
        Channel<Frame> full =
                Channels.inMemory(ChannelOptions.builder().capacity(1).build()).channel("full");
        full.send(Frame.EMPTY).block(LONG);
        return full;
    }

    private static Request manyTags(Caller caller, int number) {
        Map<String, String> tags = new LinkedHashMap<>();
        for (int i = 0; i < 63; i++) {
            tags.put("" + i, "");
        }
        tags.put(Verbs.NUMBER, "" + number);
        return new Asked(caller, Frame.text("x"), tags);
    }

    @Test
    void send_thatWaits_countsItsElementAndNotItsTags() {
        Caller caller = new Caller();
        for (int number = 1; number <= 15; number++) {
            operations.send(manyTags(caller, number), () -> full);
        }

        assertThatThrownBy(() -> operations.send(manyTags(caller, 16), () -> full))
                .hasMessageContaining("more than 16384 bytes")
                .hasMessageContaining("raise waitingBytes");
    }

    @Test
    void once_thatGoesOn_countsTheObjectsItsTagsAre() {
        Caller caller = new Caller();
        operations.once(manyTags(caller, 1), Mono::never);

        assertThatThrownBy(() -> operations.once(manyTags(caller, 2), Mono::never))
                .hasMessageContaining("raise waitingBytes");
    }

    @Test
    void once_whoseOutcomeIsAnError_countsWhatTheErrorTakesUp() {
        Caller caller = new Caller();
        for (int number = 1; number <= 7; number++) {
            Flux.from(operations.once(small(caller, number), () -> Mono.error(new IllegalStateException("no"))))
                    .onErrorComplete()
                    .blockLast(LONG);
        }

        operations.once(small(caller, 8), Mono::never);
        assertThatThrownBy(() -> operations.once(small(caller, 9), Mono::never))
                .hasMessageContaining("raise waitingBytes");
    }

    private static Request small(Caller caller, int number) {
        return new Asked(caller, Frame.EMPTY, Map.of(Verbs.NUMBER, "" + number));
    }
}
