package dev.sluice.ninep;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

/** {@link ConversationFuzzTest} for an hour; with {@code JAZZER_FUZZ=1}, otherwise it only hands in what is known. */
@Tag("long")
class LongConversationFuzzTest {

    @MethodSource("dev.sluice.ninep.ConversationFuzzTest#anyBytes_areAnsweredOrRefused")
    @FuzzTest(maxDuration = "1h")
    void anyBytes_areAnsweredOrRefused(byte[] bytes) {
        Conversation.survives(bytes);
    }
}
