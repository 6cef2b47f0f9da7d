package dev.sluice.rsocket.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames that come in chunks. */
class AssemblyTest {

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 16_384, 65_535, 65_536, 65_537, 100_000, 1 << 20, (1 << 20) + 1, 5_000_001, 16 << 20})
    void whole_ofAnySize_isWhatCame(int size) {
        byte[] frame = new byte[size];
        new Random(size).nextBytes(frame);
        Assembly assembly = new Assembly(size);

        for (int at = 0; at < size; at += 16_384) {
            assertThat(assembly.missing()).isEqualTo(size - at);
            int length = Math.min(16_384, size - at);
            assembly.add(Unpooled.wrappedBuffer(frame, at, length), length);
        }

        assertThat(assembly.missing()).isZero();
        assertThat(assembly.total()).isEqualTo(size);
        assertThat(assembly.whole().toByteArray()).isEqualTo(frame);
    }
}
