package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class FrameTest {

    private static final byte[] HELLO = "hello".getBytes(StandardCharsets.UTF_8);

    @Test
    void of_copies_soALaterWriteIsNotSeen() {
        byte[] bytes = HELLO.clone();
        Frame frame = Frame.of(bytes);
        bytes[0] = 'j';

        assertThat(frame.asText()).isEqualTo("hello");
    }

    @Test
    void whatComesOut_isACopyOrReadOnly() {
        Frame frame = Frame.of(HELLO);
        frame.toByteArray()[0] = 'j';

        assertThat(frame.asText()).isEqualTo("hello");
        assertThatThrownBy(() -> frame.asByteBuffer().put((byte) 1)).isInstanceOf(ReadOnlyBufferException.class);
        assertThat(frame.asByteBuffer().hasArray()).isFalse();
    }

    @Test
    void wrap_takesTheArrayItself() {
        byte[] bytes = HELLO.clone();

        assertThat(Frame.wrap(bytes).sharedBytes()).isSameAs(bytes);
    }

    @Test
    void partOfAnArray_isChecked() {
        assertThat(Frame.of(HELLO, 1, 3).asText()).isEqualTo("ell");
        for (int[] bad : new int[][] {{-1, 2}, {0, 6}, {5, 1}, {0, -1}, {Integer.MAX_VALUE, 1}}) {
            assertThatThrownBy(() -> Frame.of(HELLO, bad[0], bad[1])).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void ofBuffer_readsWhatRemains_andMovesNothing() {
        ByteBuffer buffer = ByteBuffer.wrap(HELLO).position(1).limit(4);

        assertThat(Frame.of(buffer).asText()).isEqualTo("ell");
        assertThat(buffer.remaining()).isEqualTo(3);
        assertThat(Frame.of(ByteBuffer.allocateDirect(3))).isEqualTo(Frame.of(new byte[3]));
    }

    @Test
    void nothing_isAlwaysTheSameFrame() {
        assertThat(Frame.of(new byte[0])).isSameAs(Frame.EMPTY);
        assertThat(Frame.of(HELLO, 5, 0)).isSameAs(Frame.EMPTY);
        assertThat(Frame.of(ByteBuffer.allocate(0))).isSameAs(Frame.EMPTY);
        assertThat(Frame.wrap(new byte[0])).isSameAs(Frame.EMPTY);
        assertThat(Frame.text("")).isSameAs(Frame.EMPTY);
        assertThat(Frame.EMPTY.isEmpty()).isTrue();
        assertThat(Frame.EMPTY.size()).isZero();
    }

    @Test
    void byteAt_andCopyTo_areChecked() {
        Frame frame = Frame.of(HELLO);
        byte[] target = new byte[7];
        frame.copyTo(target, 2);

        assertThat(frame.byteAt(4)).isEqualTo((byte) 'o');
        assertThat(new String(target, 2, 5, StandardCharsets.UTF_8)).isEqualTo("hello");
        assertThatThrownBy(() -> frame.byteAt(5)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> frame.copyTo(target, 3)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void equality_isThatOfTheBytes() {
        assertThat(Frame.of(HELLO))
                .isEqualTo(Frame.text("hello"))
                .hasSameHashCodeAs(Frame.text("hello"))
                .isNotEqualTo(Frame.text("hellO"))
                .isNotEqualTo("hello");
    }

    @Test
    void toString_isShortAndPrintable() {
        assertThat(Frame.EMPTY).hasToString("Frame(0)");
        assertThat(Frame.text("hi")).hasToString("Frame(2: hi)");
        assertThat(Frame.of(new byte[] {0, '\n', 27, 'x', -1})).hasToString("Frame(5: ...x.)");
        assertThat(Frame.of(new byte[1_000_000]).toString()).hasSizeLessThan(40).contains("1000000");
    }

    @Test
    void text_comesBackUnchanged() {
        for (String text : new String[] {"", "plain", "?", "grüße", "漢字", "😀 and 😀", "\uFFFD genuine"}) {
            assertThat(Frame.text(text).asText()).isEqualTo(text);
        }
    }

    @Test
    void textThatUtf8CannotExpress_isRefused() {
        for (String bad : new String[] {"\uD83D", "a\uDE00", "\uD83Dx", "\uDE00\uD83D"}) {
            assertThatThrownBy(() -> Frame.text(bad))
                    .isInstanceOf(CodecException.class)
                    .hasMessageContaining("surrogate");
        }
    }

    @Test
    void bytesThatAreNoUtf8_areRefused_withTheirSizeAndNoMoreThanAPrefix() {
        byte[] bytes = ("secret " + "x".repeat(500)).getBytes(StandardCharsets.UTF_8);
        bytes[400] = (byte) 0xC0;

        assertThatThrownBy(() -> Frame.of(bytes).asText())
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("text")
                .hasMessageContaining("507 bytes")
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(120));
    }
}
