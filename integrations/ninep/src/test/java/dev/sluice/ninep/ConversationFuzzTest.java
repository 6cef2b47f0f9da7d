package dev.sluice.ninep;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sluice.rsocket.transport.NoLeaks;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Bytes of a stranger. An ordinary run hands in a conversation of each dialect, and every input that once broke something, kept in {@code
 * ConversationFuzzTestInputs}; with {@code JAZZER_FUZZ=1} it goes on to make up inputs for a moment, see {@link LongConversationFuzzTest} for more.
 */
@ExtendWith(NoLeaks.class)
class ConversationFuzzTest {

    @MethodSource
    @FuzzTest(maxDuration = "8s")
    void anyBytes_areAnsweredOrRefused(byte[] bytes) {
        Conversation.survives(bytes);
    }

    static Stream<byte[]> anyBytes_areAnsweredOrRefused() {
        return Stream.of("9P2000", "9P2000.u", "9P2000.L").map(Conversation::sample);
    }
}
