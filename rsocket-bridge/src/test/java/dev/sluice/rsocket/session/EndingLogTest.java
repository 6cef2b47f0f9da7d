package dev.sluice.rsocket.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.rsocket.security.Logs;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

/** One line for each session that ends other than in order, and none for one that does. */
class EndingLogTest {

    private static final Duration LONG = Duration.ofSeconds(20);

    @Test
    void connectionThatIsLost_isOneLineOnEachSide() throws Exception {
        try (Pair pair = new Pair()) {
            await().until(pair.server.inbound()::isGreeted);
            try (Logs logs = new Logs(Level.INFO)) {
                pair.serverLink.cut();
                pair.server.onClose().block(LONG);
                pair.client.onClose().block(LONG);

                assertThat(logs.text().lines())
                        .hasSize(2)
                        .allSatisfy(line -> assertThat(line)
                                .contains("INFO", "Session with other-side", "lost: the other side ended it"));
            }
        }
    }

    @Test
    void violation_isOneLineOnEachSide() throws Exception {
        try (Pair pair = new Pair();
                Logs logs = new Logs(Level.INFO)) {
            pair.serverLink.onLoop(() -> pair.server.receive(Unpooled.wrappedBuffer(new byte[] {0, 0x7F})));
            pair.client.onClose().block(LONG);

            assertThat(logs.text().lines())
                    .satisfiesExactlyInAnyOrder(
                            line -> assertThat(line).contains("WARN", "ended: unknown record type 127"),
                            line -> assertThat(line)
                                    .contains("WARN", "ended by the other side: VIOLATION unknown record type 127"));
        }
    }

    @Test
    void ordinaryClose_isNoLine() throws Exception {
        try (Pair pair = new Pair()) {
            await().until(pair.server.inbound()::isGreeted);
            try (Logs logs = new Logs(Level.INFO)) {
                pair.client.close("enough").block(LONG);
                pair.server.onClose().block(LONG);

                assertThat(logs.text()).isEmpty();
            }
        }
    }
}
