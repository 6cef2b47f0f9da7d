package dev.sluice.samples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.Frame;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CodecTest {

    private final Codec codec = new Codec(3);

    @Test
    void whatWasWritten_isRead() {
        Message message = new Message(2, 1L << 40, 7);

        assertThat(codec.write(message).asText()).isEqualTo("2 1099511627776 7");
        assertThat(codec.read(codec.write(message))).isEqualTo(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "hello", "1 2", "1 2 3 4", "3 0 0", "-1 0 0", "1 x 0", "1 0 99999999999", "1  0"})
    void whatAStrangerSends_isNone(String text) {
        assertThat(codec.read(Frame.text(text))).isNull();
    }
}
