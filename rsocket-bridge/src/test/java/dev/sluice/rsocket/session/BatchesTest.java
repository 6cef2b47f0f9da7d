package dev.sluice.rsocket.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.rsocket.watch.SessionWatcher;
import dev.sluice.rsocket.wire.RecordWriter;
import dev.sluice.rsocket.wire.Wire;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BatchesTest {

    private final LoopLink link = new LoopLink(SessionWatcher.NONE);
    private final Batches batches = new Batches(link, new Traffic(SessionWatcher.NONE));

    @AfterEach
    void end() {
        batches.close();
        link.shutDown();
    }

    private void fill(int bytes) {
        batches.room(bytes).writeZero(bytes);
    }

    @Test
    void piece_inAnEmptyBatch_isAWholeChunk() {
        assertThat(batches.piece()).isEqualTo(Wire.CHUNK_BYTES);
    }

    @Test
    void piece_whenLessThanAChunkIsLeft_fillsTheBatch() {
        fill(50_000);

        assertThat(batches.piece()).isEqualTo(Wire.BATCH_BYTES - 50_001 - RecordWriter.SMALL);
    }

    @Test
    void piece_whenNextToNothingIsLeft_isAWholeChunkOfTheNextBatch() {
        fill(60_000);

        assertThat(batches.piece()).isEqualTo(Wire.CHUNK_BYTES);
    }
}
