package dev.sluice.rsocket.session;

import dev.sluice.rsocket.watch.Ending;
import java.net.SocketAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One line for each session that ends other than in order. */
final class EndingLog {

    private static final Logger LOG = LoggerFactory.getLogger(Session.class);

    private EndingLog() {}

    /**
     * Tells how a session ended.
     *
     * @param greeted whether the other side ever spoke the protocol: who merely connects and leaves is no news
     */
    static void tell(Ending how, SocketAddress peer, Throwable end, boolean greeted) {
        switch (how) {
            case CLOSED -> LOG.debug("Session with {} closed", peer);
            case LOST -> {
                if (greeted) {
                    LOG.info("Session with {} lost: {}", peer, reason(end));
                } else {
                    LOG.debug("Session with {} lost before it began: {}", peer, reason(end));
                }
            }
            case VIOLATION -> LOG.warn("Session with {} ended: {}", peer, LogLine.of(end));
            case FAILED_BY_PEER ->
                LOG.warn("Session with {} ended by the other side: {} {}", peer, Failures.code(end), LogLine.of(end));
            case ERROR -> LOG.error("Session with {} ended by an error here", peer, end.getCause());
        }
    }

    private static String reason(Throwable end) {
        Throwable cause = end.getCause();
        return cause == null ? "the other side ended it" : LogLine.of(cause);
    }
}
