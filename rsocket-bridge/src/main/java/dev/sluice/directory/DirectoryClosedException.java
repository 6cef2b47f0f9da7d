package dev.sluice.directory;

import dev.sluice.DirectoryUnavailableException;

/** A directory was closed by whoever opened it: unlike one that is away, it does not come back, and there is no use in trying again. */
public final class DirectoryClosedException extends DirectoryUnavailableException {

    private static final long serialVersionUID = 1L;

    /** An exception that says so. */
    public DirectoryClosedException() {
        super("the directory was closed", null);
    }
}
