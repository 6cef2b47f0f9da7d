package dev.sluice.ninep.session;

import dev.sluice.rsocket.session.LogLine;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What an operator should know of what clients do. Whoever does it a thousand times a second does not fill the disk with it. Thread safe. */
public final class Warnings {

    private static final Logger LOG = LoggerFactory.getLogger("dev.sluice.ninep");
    private static final int MOST = 60;
    private static final long SPAN = TimeUnit.MINUTES.toNanos(1);

    private long began = System.nanoTime();
    private int said;

    /** None yet. */
    public Warnings() {}

    /** Writes a line, unless there were too many in this minute; what strangers say in it is made fit for that. */
    public void say(String line) {
        if (isDue()) {
            LOG.warn("{}", LogLine.of(line));
        }
    }

    private synchronized boolean isDue() {
        long now = System.nanoTime();
        if (now - began >= SPAN) {
            if (said > MOST) {
                LOG.warn("{} more lines like those were left out", said - MOST);
            }
            began = now;
            said = 0;
        }
        said++;
        return said <= MOST;
    }
}
