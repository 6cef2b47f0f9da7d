package dev.sluice.rsocket.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sluice.Frame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordWriterTest {

    private static final String HALF = "\uD83D";

    private final ByteBuf out = Unpooled.buffer();

    @Test
    void fail_longText_isCutAndMarked() {
        String text = failText("a".repeat(5_000));

        assertThat(text).isEqualTo("a".repeat(4_093) + "…");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ä", "€", "😀", "a😀", "ab😀", "abc😀", "€😀"})
    void fail_longText_isCutBetweenCharacters(String character) {
        String text = failText(character.repeat(3_000));

        assertThat(text.getBytes(StandardCharsets.UTF_8).length).isBetween(4_093, 4_096);
        assertThat(text).endsWith("…");
        assertThat(character.repeat(3_000)).startsWith(text.substring(0, text.length() - 1));
    }

    @Test
    void fail_textThatJustFits_isWhole() {
        assertThat(failText("ä".repeat(2_048))).isEqualTo("ä".repeat(2_048));
    }

    @Test
    void fail_halfOfASurrogatePair_isAQuestionMark() {
        assertThat(failText("a" + HALF + "b")).isEqualTo("a?b");
        assertThat(failText(HALF.repeat(5_000))).isEqualTo("?".repeat(4_093) + "…");
    }

    @Test
    void callHead_halfOfASurrogatePair_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RecordWriter.callHead(HALF, 0, Map.of()))
                .withMessageContaining("service");
        assertThatIllegalArgumentException().isThrownBy(() -> RecordWriter.callHead("s", 0, Map.of(HALF, "")));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RecordWriter.callHead("s", 0, Map.of("k", HALF)))
                .withMessageContaining("tag k");
    }

    @Test
    void callHead_whatIsTooLong_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RecordWriter.callHead("s".repeat(256), 0, Map.of()))
                .withMessageContaining("256");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RecordWriter.callHead("s", 0, Map.of("k", "v".repeat(4_097))))
                .withMessageContaining("4097");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RecordWriter.callHead("s", 0, tags(65, 1)))
                .withMessageContaining("65");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RecordWriter.callHead("s", 0, tags(8, 4_096)))
                .withMessageContaining("in the body");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 127, 128, 16_383, 16_384, 1L << 35, (1L << 56) - 1, 1L << 56, Long.MAX_VALUE})
    void sizeOf_number_isWhatItTakes(long number) {
        RecordWriter.varint(out, number);

        assertThat(RecordWriter.sizeOf(number)).isEqualTo(out.readableBytes());
        assertThat(RecordReader.varint(out)).isEqualTo(number);
    }

    @Test
    void small_isEnoughForAnyRecordOfNumbers() {
        RecordWriter.nack(out, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE);

        assertThat(out.readableBytes()).isLessThanOrEqualTo(RecordWriter.SMALL);
    }

    @Test
    void anyRecord_numberBelowZero_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RecordWriter.grant(out, 1, -1, 0))
                .withMessageContaining("-1");
    }

    @Test
    void data_bufferThatHasToGrow_grows() {
        ByteBuf small = Unpooled.buffer(4);

        RecordWriter.data(small, 2, Frame.text("longer than that"));

        assertThat(ByteBufUtil.getBytes(small)).endsWith("longer than that".getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void hello_belowItsFloor_cannotBeMade() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Hello(1, 0, 65_536, 65_536, 16_383, 16, 1, Frame.EMPTY, ""))
                .withMessageContaining("stream window");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Hello(1, 0, 65_536, 65_536, 16_384, 16, 1, Frame.text("who"), ""))
                .withMessageContaining("publisher");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Hello(1, 0, 65_536, 65_536, 16_384, 16, 1, Frame.EMPTY, "ä".repeat(128)))
                .withMessageContaining("node");
    }

    private String failText(String text) {
        RecordWriter.fail(out.clear(), 1, Code.FAILED, text);
        Recorder recorder = new Recorder();
        RecordReader.read(out, recorder);
        return recorder.records.get(0).get("text").textValue();
    }

    private static Map<String, String> tags(int count, int length) {
        Map<String, String> tags = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            tags.put("k" + i, "v".repeat(length));
        }
        return tags;
    }
}
