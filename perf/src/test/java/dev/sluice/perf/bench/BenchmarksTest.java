package dev.sluice.perf.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs every benchmark once with few messages, so that none of them rots. They check themselves that all arrive. */
class BenchmarksTest {

    private static final int FEW = 4_000;

    @ParameterizedTest
    @CsvSource({"1x1, 128", "4x4, 128", "1000x1, 128", "1x1, 0", "4x4, 0", "1000x1, 0"})
    void sluice_movesEveryMessage(String shape, int capacity) {
        SluiceTransfer sluice = prepare(new SluiceTransfer(), shape);
        sluice.capacity = capacity;
        sluice.start();
        try {
            sluice.sendAll();
            sluice.sendAllDirect();
            sluice.sendAllLockstep();
            sluice.send();
            if (shape.equals("1x1")) {
                sluice.trySend();
            }
        } finally {
            sluice.stop();
            sluice.stopThreads();
        }
    }

    @ParameterizedTest
    @CsvSource({"1x1, 128", "4x4, 128", "1000x1, 128", "1x1, 0", "4x4, 0", "1000x1, 0"})
    void kotlin_movesEveryMessage(String shape, int capacity) {
        KotlinTransfer kotlin = prepare(new KotlinTransfer(), shape);
        kotlin.capacity = capacity;
        kotlin.channel();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1x1", "4x4"})
    void queues_moveEveryMessage(String shape) {
        QueueTransfer queues = prepare(new QueueTransfer(), shape);
        try {
            queues.arrayBlockingQueue();
            queues.synchronousQueue();
            queues.jctoolsMpmc();
            if (shape.equals("1x1")) {
                queues.jctoolsSpsc();
            } else {
                assertThatThrownBy(queues::jctoolsSpsc).hasMessageContaining(shape);
            }
        } finally {
            queues.stopThreads();
        }
    }

    @Test
    void reactor_movesEveryMessage() {
        ReactorTransfer reactor = prepare(new ReactorTransfer(), "1x1");
        reactor.start();
        try {
            reactor.publishOn();
            reactor.unicastSink();
            reactor.multicastSink();
            reactor.submissionPublisher();
        } finally {
            reactor.stop();
            reactor.stopThreads();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 100})
    void listeners_seeEveryMessage(int count) {
        Listeners listeners = new Listeners();
        listeners.listeners = count;
        listeners.messages = FEW / 10;
        listeners.make();
        listeners.sluice();
        listeners.multicastSink();
        listeners.submissionPublisher();
    }

    @Test
    void trySend_fillsAndEmptiesEveryBuffer() {
        TrySend sends = new TrySend();
        for (int i = 0; i < 3; i++) {
            sends.sluice();
            sends.unicastSink();
            sends.arrayBlockingQueue();
            sends.jctoolsMpmc();
            sends.kotlin();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"channel", "switchable"})
    void switchable_passesEveryMessageOn(String through) {
        Switchable switchable = new Switchable();
        switchable.through = through;
        switchable.aim();
        for (int i = 0; i < 3; i++) {
            switchable.trySend();
            switchable.send();
            switchable.sendAll();
        }
    }

    @Test
    void creation_makesOneOfEach() {
        Creation creation = new Creation();
        assertThat(creation.sluice()).isNotSameAs(creation.sluice());
        assertThat(creation.unicastSink()).isNotNull();
        assertThat(creation.arrayBlockingQueue()).isNotNull();
        assertThat(creation.jctoolsMpmc()).isNotNull();
        assertThat(creation.kotlin()).isNotNull();
    }

    @Test
    void idleChannels_areCreatedListedAndWeighed() {
        assertThat(IdleChannels.sluice(2_000)).isFinite();
    }

    @Test
    void arrivals_whereOneIsMissing_fail() {
        Arrivals arrivals = new Arrivals(1);
        arrivals.end(9);
        assertThatThrownBy(() -> arrivals.await(10)).hasMessage("10 messages were sent and 9 arrived");
    }

    private static <T extends Transfer> T prepare(T transfer, String shape) {
        transfer.shape = shape;
        transfer.messages = FEW;
        transfer.readShape();
        return transfer;
    }
}
