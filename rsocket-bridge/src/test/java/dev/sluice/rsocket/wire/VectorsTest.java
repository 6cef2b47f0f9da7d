package dev.sluice.rsocket.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.ProtocolViolationException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The vectors that implementations in every language share, against this one. */
class VectorsTest {

    @ParameterizedTest
    @MethodSource("valid")
    void read_validVector_meansWhatItSays(Vector vector) {
        Recorder recorder = new Recorder();

        Batches.read(vector.bytes(), vector.lz4(), recorder);

        assertThat(recorder.records).isEqualTo(vector.records());
    }

    @ParameterizedTest
    @MethodSource("canonical")
    void write_canonicalVector_givesItsBytes(Vector vector) {
        ByteBuf out = Unpooled.buffer().writeByte(Wire.PLAIN);

        vector.records().forEach(record -> Meaning.write(out, record));

        assertThat(ByteBufUtil.hexDump(out)).isEqualTo(ByteBufUtil.hexDump(vector.bytes()));
    }

    @ParameterizedTest
    @MethodSource("valid")
    void encode_validVector_isReadWithTheSameMeaning(Vector vector) {
        ByteBuf records = BatchCodec.decode(
                Unpooled.copiedBuffer(vector.bytes()), vector.lz4(), UnpooledByteBufAllocator.DEFAULT);
        ByteBuf plain = Unpooled.buffer().writeByte(Wire.PLAIN).writeBytes(records);
        ByteBuf encoded = BatchCodec.encode(plain, UnpooledByteBufAllocator.DEFAULT);
        Recorder recorder = new Recorder();

        Batches.read(ByteBufUtil.getBytes(encoded), true, recorder);

        assertThat(recorder.records).isEqualTo(vector.records());
        records.release();
        encoded.release();
    }

    @ParameterizedTest
    @MethodSource("invalid")
    void read_invalidVector_isRefused(Vector vector) {
        assertThat(vector.description().get("reason").textValue()).isNotBlank();
        assertThatThrownBy(() -> Batches.read(vector.bytes(), vector.lz4(), new Recorder()))
                .isExactlyInstanceOf(ProtocolViolationException.class);
    }

    @Test
    void vectors_haveEveryTypeOfRecord() {
        Stream<String> types = Arrays.stream(RecordHandler.class.getMethods())
                .map(Method::getName)
                .map(name -> name.toUpperCase(Locale.ROOT))
                .distinct();

        assertThat(valuesOf("type")).containsAll(types.toList());
    }

    @Test
    void vectors_haveEveryCode() {
        assertThat(valuesOf("code"))
                .containsAll(Arrays.stream(Code.values()).map(Code::name).toList());
    }

    private static List<String> valuesOf(String field) {
        return Vector.valid().stream()
                .flatMap(vector -> vector.records().findValuesAsText(field).stream())
                .distinct()
                .toList();
    }

    static List<Vector> valid() {
        return Vector.valid();
    }

    static List<Vector> invalid() {
        return Vector.invalid();
    }

    static Stream<Vector> canonical() {
        return Vector.valid().stream().filter(Vector::isCanonical);
    }
}
