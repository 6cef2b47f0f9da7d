package dev.sluice.hub.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/** What brings items from event loops to the thread that prints. */
class FramePumpTest {

    private static final class Counter implements FramePump.Printer<Integer> {
        private int printed;
        private int paused;

        @Override
        public void print(Integer item) {
            assertThat(item).isEqualTo(printed++);
        }

        @Override
        public void pause() {
            paused++;
        }
    }

    /** The one who prints goes to wait again and again just when the next item comes; BlockHound fails an event thread that waits for it. */
    @Test
    void run_whenItemsComeAsItGoesToWait_missesNone() throws IOException, TimeoutException, InterruptedException {
        int items = 300_000;
        FramePump<Integer> pump = new FramePump<>(Long.MAX_VALUE, item -> 4L << 20);
        Counter counter = new Counter();

        Flux.range(0, items).publishOn(Schedulers.parallel(), 1).subscribe(pump);
        pump.run(counter, 5_000);

        assertThat(counter.printed).isEqualTo(items);
        assertThat(counter.paused).isPositive();
    }
}
