package dev.sluice.rsocket.wire;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Bytes of a stranger. An ordinary run hands in every vector and every input that once broke something, which are kept in
 * {@code BatchFuzzTestInputs}; with {@code JAZZER_FUZZ=1} it goes on to make up inputs for a moment, see {@link
 * LongBatchFuzzTest} for more.
 */
class BatchFuzzTest {

    @MethodSource
    @FuzzTest(maxDuration = "8s")
    void anyBatch_isReadOrRefused(byte[] batch) {
        Batches.isRead(batch, true);
    }

    static Stream<byte[]> anyBatch_isReadOrRefused() {
        return Vector.all().stream().map(Vector::bytes);
    }
}
