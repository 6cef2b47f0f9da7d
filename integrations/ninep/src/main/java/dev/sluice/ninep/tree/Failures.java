package dev.sluice.ninep.tree;

import dev.sluice.AccessDeniedException;
import dev.sluice.ChannelClosedException;
import dev.sluice.ChannelExistsException;
import dev.sluice.ChannelNotFoundException;
import dev.sluice.InvalidNameException;
import dev.sluice.ninep.wire.Errno;
import dev.sluice.ninep.wire.Refusal;
import dev.sluice.switching.LeaseExpiredException;
import dev.sluice.switching.LeaseHeldException;
import dev.sluice.switching.ServiceNotFoundException;

/** Errors of channels and services as those of files. */
public final class Failures {

    private Failures() {}

    /** The refusal that tells a client of an error. */
    public static Refusal refusal(Throwable failure) {
        return failure instanceof Refusal refusal
                ? refusal
                : new Refusal(errno(failure), String.valueOf(failure.getMessage()));
    }

    /** The number that says most of an error. */
    public static Errno errno(Throwable failure) {
        if (failure instanceof ChannelNotFoundException || failure instanceof ServiceNotFoundException) {
            return Errno.ENOENT;
        }
        if (failure instanceof ChannelClosedException || failure instanceof LeaseExpiredException) {
            return Errno.EPIPE;
        }
        if (failure instanceof ChannelExistsException) {
            return Errno.EEXIST;
        }
        if (failure instanceof UnsupportedOperationException) {
            return Errno.EOPNOTSUPP;
        }
        if (failure instanceof AccessDeniedException) {
            return Errno.EACCES;
        }
        if (failure instanceof LeaseHeldException) {
            return Errno.EBUSY;
        }
        return failure instanceof InvalidNameException || failure instanceof IllegalArgumentException
                ? Errno.EINVAL
                : Errno.EIO;
    }
}
