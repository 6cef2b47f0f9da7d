package dev.sluice.rsocket;

import java.time.Duration;
import org.assertj.core.api.Assertions;
import org.awaitility.Awaitility;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Before the first test. Who waits for something looks for it at once and often: by itself Awaitility looks after 100 ms for the first time.
 * And assertions have read the files they need, which an event loop must not.
 */
public final class BeforeAllTests implements LauncherSessionListener {

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        Awaitility.setDefaultPollDelay(Duration.ZERO);
        Awaitility.setDefaultPollInterval(Duration.ofMillis(5));
        Assertions.assertThat(session).isNotNull();
    }
}
