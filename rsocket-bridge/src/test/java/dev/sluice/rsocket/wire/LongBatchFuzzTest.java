package dev.sluice.rsocket.wire;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

/** {@link BatchFuzzTest} for an hour; with {@code JAZZER_FUZZ=1}, otherwise it only hands in what is known. */
@Tag("long")
class LongBatchFuzzTest {

    @MethodSource("dev.sluice.rsocket.wire.BatchFuzzTest#anyBatch_isReadOrRefused")
    @FuzzTest(maxDuration = "1h")
    void anyBatch_isReadOrRefused(byte[] batch) {
        Batches.isRead(batch, true);
    }
}
