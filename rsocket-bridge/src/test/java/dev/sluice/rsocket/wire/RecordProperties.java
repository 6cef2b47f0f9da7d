package dev.sluice.rsocket.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.Frame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Records there and back, and bytes that may be anything. */
class RecordProperties {

    private static final Arbitrary<Long> NUMBERS = Arbitraries.oneOf(
            Arbitraries.longs().between(0, 300),
            Arbitraries.longs().between(0, Long.MAX_VALUE),
            Arbitraries.integers()
                    .between(1, 9)
                    .flatMap(bytes -> Arbitraries.longs().between(0, 1).map(less -> power(bytes) - less)));
    private static final Arbitrary<byte[]> BYTES =
            Arbitraries.bytes().array(byte[].class).ofMaxSize(300);
    private static final Arbitrary<Boolean> FLAGS = Arbitraries.of(true, false);
    private static final Arbitrary<Code> CODES = Arbitraries.of(Code.class);
    /** Whole characters only: half of a surrogate pair has a test of its own. */
    private static final Arbitrary<String> TEXTS =
            Arbitraries.strings().all().ofMaxLength(60).filter(RecordProperties::isWhole);

    @Property(tries = 500)
    void read_whatWasWritten_isTheSame(@ForAll("records") @Size(max = 30) List<Consumer<RecordHandler>> records) {
        Recorder before = new Recorder();
        records.forEach(record -> record.accept(before));
        Recorder after = new Recorder();

        Batches.read(written(before.records), false, after);

        assertThat(after.records).isEqualTo(before.records);
    }

    @Property(tries = 300)
    void read_whatWasCompressed_isTheSame(
            @ForAll("records") @Size(max = 5) List<Consumer<RecordHandler>> records,
            @ForAll @IntRange(min = 1, max = 20) int times) {
        Recorder before = new Recorder();
        for (int i = 0; i < times; i++) {
            records.forEach(record -> record.accept(before));
        }
        byte[] plain = written(before.records);
        Recorder after = new Recorder();

        byte[] encoded = encoded(plain);
        Batches.read(encoded, true, after);

        assertThat(after.records).isEqualTo(before.records);
        assertThat(encoded.length).isLessThanOrEqualTo(plain.length);
    }

    @Property(tries = 2_000)
    void read_anyBytes_areRecordsOrRefused(@ForAll @Size(max = 400) byte[] bytes, @ForAll boolean lz4) {
        Batches.isRead(bytes, lz4);
    }

    @Property(tries = 2_000)
    void read_anyBytesInOneForm_areRecordsOrRefused(
            @ForAll @IntRange(max = 1) int form,
            @ForAll @IntRange(min = 1, max = 13) int second,
            @ForAll @Size(max = 100) byte[] rest) {
        byte[] bytes = new byte[2 + rest.length];
        bytes[0] = (byte) form;
        bytes[1] = (byte) second;
        System.arraycopy(rest, 0, bytes, 2, rest.length);

        Batches.isRead(bytes, true);
    }

    @Property(tries = 2_000)
    void read_vectorWithChangedBytes_isRecordsOrRefused(
            @ForAll("vectors") Vector vector,
            @ForAll @Size(min = 1, max = 3) List<@IntRange(max = 100_000) Integer> places,
            @ForAll byte change) {
        byte[] bytes = vector.bytes();
        for (int place : places) {
            if (bytes.length > 0) {
                // Half of the changes go to the first bytes, where the numbers are.
                bytes[place % 2 == 0 ? place % bytes.length : place % Math.min(bytes.length, 24)] += change;
            }
        }

        Batches.isRead(bytes, true);
    }

    @Property(tries = 1_000)
    void read_vectorThatIsCut_isRecordsOrRefused(
            @ForAll("vectors") Vector vector, @ForAll @IntRange(max = 100_000) int length) {
        Batches.isRead(
                Frame.of(vector.bytes(), 0, length % (vector.bytes().length + 1))
                        .toByteArray(),
                true);
    }

    @Provide
    Arbitrary<Vector> vectors() {
        return Arbitraries.of(Vector.all());
    }

    @Provide
    Arbitrary<List<Consumer<RecordHandler>>> records() {
        return Arbitraries.oneOf(hello(), call(), open(), numbered(), chunks(), failures())
                .list();
    }

    private static Arbitrary<Consumer<RecordHandler>> hello() {
        Arbitrary<Frame> publishers = Arbitraries.of(0, 16)
                .flatMap(size -> Arbitraries.bytes().array(byte[].class).ofSize(size))
                .map(Frame::of);
        return Combinators.combine(NUMBERS, NUMBERS, NUMBERS, NUMBERS, publishers, TEXTS)
                .as((features, bytes, streams, depth, publisher, node) -> handler -> handler.hello(new Hello(
                        Math.max(1, depth / 2),
                        features,
                        Math.max(65_536, bytes),
                        Math.max(65_536, bytes / 2),
                        Math.max(16_384, bytes / 3),
                        Math.max(16, streams),
                        Math.max(1, depth),
                        publisher,
                        node)));
    }

    private static Arbitrary<Consumer<RecordHandler>> call() {
        Arbitrary<Map<String, String>> tags = Arbitraries.maps(TEXTS, TEXTS).ofMaxSize(4);
        return Combinators.combine(
                        NUMBERS,
                        FLAGS,
                        TEXTS,
                        NUMBERS,
                        tags,
                        BYTES,
                        Arbitraries.integers().between(0, 9))
                .as((id, uplink, service, firstItems, labels, body, missing) ->
                        handler -> handler.call(id, uplink, service, firstItems, labels, body.length + missing, body));
    }

    private static Arbitrary<Consumer<RecordHandler>> open() {
        return Combinators.combine(NUMBERS, NUMBERS, FLAGS, BYTES)
                .as((id, parent, nest, header) -> handler -> handler.open(id, parent, nest, Frame.of(header)));
    }

    private static Arbitrary<Consumer<RecordHandler>> numbered() {
        return Combinators.combine(Arbitraries.integers().between(0, 4), NUMBERS, NUMBERS, NUMBERS)
                .as((type, id, one, two) -> handler -> {
                    switch (type) {
                        case 0 -> handler.grant(id, one, two);
                        case 1 -> handler.ack(id, one, Math.min(two, Long.MAX_VALUE - one));
                        case 2 -> handler.nack(id, one, Math.min(two, Long.MAX_VALUE - one));
                        case 3 -> handler.end(id);
                        default -> handler.cancel(id);
                    }
                });
    }

    private static Arbitrary<Consumer<RecordHandler>> chunks() {
        return Combinators.combine(Arbitraries.integers().between(0, 2), NUMBERS, BYTES)
                .as((type, id, bytes) -> handler -> {
                    ByteBuf buffer = Unpooled.wrappedBuffer(bytes);
                    if (type == 0 || bytes.length == 0) {
                        handler.data(id, buffer, bytes.length);
                    } else if (type == 1) {
                        handler.first(id, bytes.length + 1, buffer, bytes.length);
                    } else {
                        handler.more(id, buffer, bytes.length);
                    }
                });
    }

    private static Arbitrary<Consumer<RecordHandler>> failures() {
        return Combinators.combine(FLAGS, NUMBERS, CODES, TEXTS).as((session, id, code, text) -> handler -> {
            if (session) {
                handler.goAway(code, text);
            } else {
                handler.fail(id, code, text);
            }
        });
    }

    private static byte[] written(ArrayNode records) {
        ByteBuf out = Unpooled.buffer().writeByte(Wire.PLAIN);
        records.forEach(record -> Meaning.write(out, (ObjectNode) record));
        return ByteBufUtil.getBytes(out);
    }

    private static byte[] encoded(byte[] plain) {
        ByteBuf encoded = BatchCodec.encode(
                Unpooled.wrappedBuffer(plain), Unpooled.buffer().alloc());
        byte[] bytes = ByteBufUtil.getBytes(encoded);
        encoded.release();
        return bytes;
    }

    /** The first number that takes a byte more. */
    private static long power(int bytes) {
        return bytes == 9 ? Long.MAX_VALUE : 1L << (7 * bytes);
    }

    private static boolean isWhole(String text) {
        return text.codePoints().noneMatch(point -> point >= 0xD800 && point <= 0xDFFF);
    }
}
