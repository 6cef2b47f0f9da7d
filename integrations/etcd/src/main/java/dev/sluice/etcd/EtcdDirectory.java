package dev.sluice.etcd;

import dev.sluice.directory.Directory;

/**
 * Directories in an etcd, 3.4 or newer, or a cluster of them.
 *
 * <p>What is held through one directory shares one lease for each time to live, so that etcd is written to by processes and not by what they hold.
 * While etcd is away nothing is lost: who watches keeps what he knew, and what was registered is renewed when etcd is back. {@code
 * docs/directory.md} says what becomes of what in each failure.
 */
public final class EtcdDirectory {

    private EtcdDirectory() {}

    /**
     * Opens a directory. Reads the files of TLS, and connects when it is used.
     *
     * @param options where the etcd is, and who asks
     * @return a directory, the caller's to close; its signals run on threads of the connection or of {@link
     *     reactor.core.scheduler.Schedulers#parallel()}, and must not block them
     * @throws dev.sluice.ConfigurationException when a file of TLS cannot be used
     */
    public static Directory create(EtcdOptions options) {
        return Directory.over(new EtcdKeyspace(options));
    }
}
