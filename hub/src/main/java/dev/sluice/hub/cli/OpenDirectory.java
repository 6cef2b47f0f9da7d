package dev.sluice.hub.cli;

import dev.sluice.directory.Directory;
import java.time.Duration;

/**
 * A directory while a command uses it.
 *
 * @param shown its URL, without secrets
 */
record OpenDirectory(Directory directory, String shown) implements AutoCloseable {

    /** One that does not answer is not waited for any longer. */
    static final Duration GOODBYE = Duration.ofSeconds(2);

    @Override
    public void close() {
        directory.close().timeout(GOODBYE).onErrorComplete().block();
    }

    @Override
    public String toString() {
        return shown;
    }
}
