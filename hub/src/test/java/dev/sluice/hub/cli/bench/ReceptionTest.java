package dev.sluice.hub.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.Frame;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

class ReceptionTest {

    private final Numbering numbering = new Numbering(64);
    private final Reception reception = new Reception(numbering);

    @Test
    void framesInOrder_areCounted_roundAfterRound() {
        receive(LongStream.range(0, 5_000));

        assertThat(reception.received()).isEqualTo(5_000);
        assertThat(reception.misplaced()).isZero();
        StepVerifier.create(reception.ended()).verifyComplete();
    }

    @Test
    void aLostFrame_isSeenOnce() {
        receive(LongStream.range(0, 5_000).filter(place -> place != 3_000));

        assertThat(reception.received()).isEqualTo(4_999);
        assertThat(reception.misplaced()).isEqualTo(1);
    }

    @Test
    void aDoubledFrame_isSeenOnce() {
        receive(LongStream.range(0, 5_000)
                .flatMap(place -> LongStream.iterate(place, same -> same).limit(place == 3_000 ? 2 : 1)));

        assertThat(reception.received()).isEqualTo(5_001);
        assertThat(reception.misplaced()).isEqualTo(1);
    }

    @Test
    void aLossThatADoubledFrameHides_isSeen() {
        receive(LongStream.concat(LongStream.of(0, 1, 1), LongStream.range(3, 100)));

        assertThat(reception.received()).isEqualTo(100);
        assertThat(reception.misplaced()).isEqualTo(2);
    }

    @Test
    void whatIsNoFrameOfTheSender_isSeen() {
        Flux.just(numbering.at(0), Frame.EMPTY, Frame.text("else"), numbering.at(3))
                .subscribe(reception);

        assertThat(reception.received()).isEqualTo(4);
        assertThat(reception.misplaced()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 64, 1 << 20, 16 << 20})
    void everySize_hasFramesOfIt(int size) {
        Numbering frames = new Numbering(size);

        assertThat(frames.at(7).size()).isEqualTo(size);
        assertThat(frames.isAt(7, frames.at(7))).isTrue();
        assertThat(frames.isAt(8, frames.at(7))).isFalse();
    }

    private void receive(LongStream places) {
        Flux.fromStream(places.mapToObj(numbering::at)).subscribe(reception);
    }
}
