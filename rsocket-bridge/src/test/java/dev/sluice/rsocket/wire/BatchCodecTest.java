package dev.sluice.rsocket.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.Frame;
import dev.sluice.ProtocolViolationException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Random;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

class BatchCodecTest {

    private final Batches.Watching allocator = new Batches.Watching();

    @Test
    void encode_whatShrinks_isOneBlockAndLetsGoOfThePlainBatch() {
        ByteBuf plain = batchOf(Frame.wrap(new byte[5_000]));

        ByteBuf encoded = BatchCodec.encode(plain, allocator);

        assertThat(encoded.getByte(0)).isEqualTo((byte) Wire.LZ4);
        assertThat(encoded.readableBytes()).isLessThan(100);
        assertThat(plain.refCnt()).isZero();
        assertNothingIsHeldAfter(encoded);
    }

    @Test
    void encode_whatDoesNotShrink_isThePlainBatch() {
        byte[] noise = new byte[5_000];
        new Random(1).nextBytes(noise);
        ByteBuf plain = batchOf(Frame.wrap(noise));

        ByteBuf encoded = BatchCodec.encode(plain, allocator);

        assertThat(encoded).isSameAs(plain);
        assertThat(encoded.getByte(0)).isEqualTo((byte) Wire.PLAIN);
        assertThat(allocator.made).hasSize(1);
        assertNothingIsHeldAfter(encoded);
    }

    @Test
    void encode_shortBatch_isNotTried() {
        ByteBuf plain = batchOf(Frame.wrap(new byte[BatchCodec.WORTH_COMPRESSING - 5]));

        assertThat(BatchCodec.encode(plain, allocator)).isSameAs(plain);
        assertThat(allocator.made).isEmpty();
    }

    @Test
    void encode_batchThatWasReadInto_takesWhatIsLeft() {
        ByteBuf plain = Unpooled.buffer().writeBytes(new byte[7]);
        plain.readerIndex(7);
        plain.writeByte(Wire.PLAIN);
        RecordWriter.data(plain, 2, Frame.wrap(new byte[400]));

        ByteBuf encoded = BatchCodec.encode(plain, allocator);
        ByteBuf records = BatchCodec.decode(encoded, true, allocator);

        Recorder recorder = new Recorder();
        RecordReader.read(records, recorder);
        assertThat(recorder.records.findValuesAsText("bytes")).containsExactly("00".repeat(400));
        assertNothingIsHeldAfter(records);
    }

    @Test
    void encode_longestBatch_isReadAgain() {
        ByteBuf plain = Unpooled.buffer().writeByte(Wire.PLAIN);
        for (int i = 0; i < (Wire.BATCH_BYTES - 1) / 2; i++) {
            RecordWriter.end(plain, 1);
        }

        ByteBuf records = BatchCodec.decode(BatchCodec.encode(plain, Unpooled.EMPTY_BUFFER.alloc()), true, allocator);

        assertThat(records.readableBytes()).isEqualTo(Wire.BATCH_BYTES - 2);
        assertNothingIsHeldAfter(records);
    }

    @Test
    void decode_plainBatch_isTheSameBuffer() {
        ByteBuf plain = batchOf(Frame.text("abc"));

        ByteBuf records = BatchCodec.decode(plain, false, allocator);

        assertThat(records).isSameAs(plain);
        assertThat(records.readerIndex()).isEqualTo(1);
        assertThat(records.refCnt()).isEqualTo(1);
    }

    @Test
    void decode_lengthBeyondTheMost_isRefusedBeforeAnythingIsAllocated() {
        ByteBuf batch = Unpooled.buffer().writeByte(Wire.LZ4);
        RecordWriter.varint(batch, Wire.BATCH_BYTES);
        batch.writeBytes(new byte[1_000]);

        assertThatThrownBy(() -> BatchCodec.decode(batch, true, allocator))
                .isInstanceOf(ProtocolViolationException.class)
                .hasMessageContaining("61440");
        assertThat(allocator.made).isEmpty();
        assertThat(batch.refCnt()).isZero();
    }

    @Test
    void decode_lengthThatTheBlockCannotReach_isRefusedBeforeAnythingIsAllocated() {
        ByteBuf batch = Unpooled.buffer().writeByte(Wire.LZ4);
        RecordWriter.varint(batch, 2 * 255 + 1);
        batch.writeBytes(new byte[2]);

        assertThatThrownBy(() -> BatchCodec.decode(batch, true, allocator))
                .isInstanceOf(ProtocolViolationException.class)
                .hasMessageContaining("cannot expand");
        assertThat(allocator.made).isEmpty();
        assertThat(batch.refCnt()).isZero();
    }

    /** Formally such a match is wrong; a decoder that copies it shows whatever was in its buffer before. */
    @Test
    void decode_matchAtDistanceZero_showsNothingOfWhatWasInTheBuffer() {
        ByteBuf batch = Unpooled.buffer().writeByte(Wire.LZ4);
        RecordWriter.varint(batch, 26);
        batch.writeBytes(ByteBufUtil.decodeHexDump("1f" + "01" + "0000" + "01" + "50" + "0102030405"));

        ByteBuf records = BatchCodec.decode(batch, true, allocator);

        assertThat(ByteBufUtil.hexDump(records)).isEqualTo("01" + "00".repeat(20) + "0102030405");
        assertNothingIsHeldAfter(records);
    }

    @Test
    void bothWays_onAThreadThatMustNotBlock_doNotBlock() {
        Boolean read = Mono.fromCallable(() -> {
                    ByteBuf encoded = BatchCodec.encode(batchOf(Frame.wrap(new byte[5_000])), allocator);
                    return BatchCodec.decode(encoded, true, allocator).release();
                })
                .subscribeOn(Schedulers.parallel())
                .block();

        assertThat(read).isTrue();
    }

    private void assertNothingIsHeldAfter(ByteBuf last) {
        assertThat(last.release()).isTrue();
        assertThat(allocator.made).allSatisfy(made -> assertThat(made.refCnt()).isZero());
    }

    private static ByteBuf batchOf(Frame frame) {
        ByteBuf batch = Unpooled.buffer().writeByte(Wire.PLAIN);
        RecordWriter.data(batch, 2, frame);
        return batch;
    }
}
