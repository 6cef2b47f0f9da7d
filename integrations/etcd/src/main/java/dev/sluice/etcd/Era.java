package dev.sluice.etcd;

import io.etcd.jetcd.api.ResponseHeader;

/**
 * Whether it is still the same data that etcd answers from. Revisions grow for as long as it is; one that was replaced by an empty one, or by an older
 * copy, begins lower, and then a watch that waits for what comes next would wait for ever. Thread safe.
 */
final class Era {

    private final Runnable whenReplaced;
    private long cluster;
    private long revision;
    private int replaced;

    Era(Runnable whenReplaced) {
        this.whenReplaced = whenReplaced;
    }

    /** What was known when a request was sent. */
    record Known(int replaced, long revision) {}

    synchronized Known known() {
        return new Known(replaced, revision);
    }

    /** An answer that sees all that was there when its request was sent. */
    void answered(ResponseHeader header, Known before) {
        boolean other;
        synchronized (this) {
            other = (cluster != 0 && header.getClusterId() != cluster)
                    || (before.replaced == replaced && header.getRevision() < before.revision);
            note(header, other);
        }
        if (other) {
            whenReplaced.run();
        }
    }

    /** News of a watch, which may be late but cannot be of other data. */
    void told(ResponseHeader header) {
        boolean other;
        synchronized (this) {
            other = cluster != 0 && header.getClusterId() != cluster;
            note(header, other);
        }
        if (other) {
            whenReplaced.run();
        }
    }

    private void note(ResponseHeader header, boolean other) {
        cluster = header.getClusterId();
        if (other) {
            replaced++;
            revision = header.getRevision();
        } else {
            revision = Math.max(revision, header.getRevision());
        }
    }
}
