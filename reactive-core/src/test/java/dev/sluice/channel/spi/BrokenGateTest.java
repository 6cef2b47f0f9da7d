package dev.sluice.channel.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.test.subscriber.TestSubscriber;

/** A gate that fails in the middle of a send. */
class BrokenGateTest {

    @Test
    void send_failingWithAnError_canStillBeCancelled() {
        TestSubscriber<Void> send = TestSubscriber.create();

        new BrokenGate().send(1).subscribe(send);

        assertThat(send.expectTerminalError()).isInstanceOf(AssertionError.class);
        assertTimeoutPreemptively(Duration.ofSeconds(10), send::cancel);
    }

    private static final class BrokenGate extends WaitingRoom<Integer> {
        @Override
        public Outcome offer(Integer element, @Nullable Route<Integer> route, boolean inTurn) {
            throw new AssertionError("broken");
        }

        @Override
        public long room(@Nullable Route<Integer> route, boolean inTurn) {
            return 1;
        }

        @Override
        public boolean isClosed() {
            return false;
        }

        @Override
        public Throwable refusal() {
            return new IllegalStateException("closed");
        }

        @Override
        public String name() {
            return "broken";
        }
    }
}
