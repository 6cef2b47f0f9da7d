package dev.sluice.hub.cli;

import dev.sluice.AccessDeniedException;
import dev.sluice.ChannelClosedException;
import dev.sluice.ChannelExistsException;
import dev.sluice.ChannelFullException;
import dev.sluice.ChannelNotFoundException;
import dev.sluice.CodecException;
import dev.sluice.ConfigurationException;
import dev.sluice.ConnectionLostException;
import dev.sluice.DestinationTakenException;
import dev.sluice.DirectoryUnavailableException;
import dev.sluice.GroupExpiredException;
import dev.sluice.InvalidNameException;
import dev.sluice.ProtocolViolationException;
import dev.sluice.RemoteException;
import dev.sluice.SlowReceiverException;
import dev.sluice.SluiceException;
import dev.sluice.nested.GroupFullException;
import dev.sluice.nested.GroupNotDrainedException;
import dev.sluice.nested.TooManyGroupsException;
import dev.sluice.rsocket.session.Failures;
import dev.sluice.rsocket.wire.Code;
import dev.sluice.switching.LeaseExpiredException;
import dev.sluice.switching.LeaseHeldException;
import dev.sluice.switching.ServiceExistsException;
import dev.sluice.switching.ServiceNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.util.List;
import java.util.concurrent.TimeoutException;
import reactor.core.Exceptions;

/** Which {@link ErrorCode} a failure has. */
final class Diagnosis {

    private record Known(Class<? extends Throwable> type, ErrorCode code) {}

    /** A subclass stands before what it extends. */
    private static final List<Known> KNOWN = List.of(
            new Known(ChannelClosedException.class, ErrorCode.CLOSED),
            new Known(ChannelFullException.class, ErrorCode.FULL),
            new Known(ChannelExistsException.class, ErrorCode.EXISTS),
            new Known(ChannelNotFoundException.class, ErrorCode.CHANNEL_NOT_FOUND),
            new Known(ServiceNotFoundException.class, ErrorCode.SERVICE_NOT_FOUND),
            new Known(LeaseHeldException.class, ErrorCode.LEASE_HELD),
            new Known(LeaseExpiredException.class, ErrorCode.LEASE_LOST),
            new Known(InvalidNameException.class, ErrorCode.NAME),
            new Known(ConfigurationException.class, ErrorCode.CONFIGURATION),
            new Known(AccessDeniedException.class, ErrorCode.DENIED),
            new Known(SlowReceiverException.class, ErrorCode.SHED),
            new Known(ProtocolViolationException.class, ErrorCode.PROTOCOL),
            new Known(ConnectionLostException.class, ErrorCode.LOST),
            new Known(RemoteException.class, ErrorCode.REMOTE),
            new Known(ServiceExistsException.class, ErrorCode.EXISTS),
            new Known(CodecException.class, ErrorCode.NOT_TEXT),
            new Known(TooManyGroupsException.class, ErrorCode.LIMIT),
            new Known(GroupFullException.class, ErrorCode.LIMIT),
            new Known(GroupNotDrainedException.class, ErrorCode.TIMED_OUT),
            new Known(DirectoryUnavailableException.class, ErrorCode.DIRECTORY),
            new Known(DestinationTakenException.class, ErrorCode.EXISTS),
            new Known(GroupExpiredException.class, ErrorCode.GROUP_EXPIRED),
            new Known(SluiceException.class, ErrorCode.REFUSED),
            new Known(TimeoutException.class, ErrorCode.TIMED_OUT),
            new Known(BindException.class, ErrorCode.BIND),
            new Known(UncheckedIOException.class, ErrorCode.IO),
            new Known(IOException.class, ErrorCode.IO));

    private Diagnosis() {}

    static CommandFailure of(Throwable thrown) {
        Throwable failure = Exceptions.unwrap(thrown);
        return new CommandFailure(code(failure), message(failure), failure);
    }

    private static ErrorCode code(Throwable failure) {
        if (failure instanceof RemoteException) {
            return code(Failures.code(failure));
        }
        return failure instanceof IllegalArgumentException && isThrownBySluice(failure)
                ? ErrorCode.USAGE
                : code(failure.getClass());
    }

    /** What those of a type have, as far as the type tells. */
    static ErrorCode code(Class<? extends Throwable> type) {
        return KNOWN.stream()
                .filter(known -> known.type.isAssignableFrom(type))
                .map(Known::code)
                .findFirst()
                .orElse(ErrorCode.INTERNAL);
    }

    /** What the hub said. */
    private static ErrorCode code(Code said) {
        return switch (said) {
            case VIOLATION -> ErrorCode.PROTOCOL;
            case UNAVAILABLE -> ErrorCode.LEAVING;
            case LIMIT -> ErrorCode.LIMIT;
            // An answer that was there, and that nobody here came for.
            case ACCEPT_TIMEOUT, TIMEOUT -> ErrorCode.TIMED_OUT;
            // A send that was taken back is no failure to who took it back; who else hears of it knows no more.
            case FAILED, WITHDRAWN -> ErrorCode.REMOTE;
            case DENIED -> ErrorCode.DENIED;
            case NO_SERVICE -> ErrorCode.SERVICE_NOT_FOUND;
            case TOO_LARGE -> ErrorCode.TOO_LARGE;
            case BAD_REQUEST -> ErrorCode.REQUEST;
            case CLOSED -> ErrorCode.CLOSED;
            case FULL -> ErrorCode.FULL;
            case NOT_FOUND -> ErrorCode.CHANNEL_NOT_FOUND;
            case EXISTS -> ErrorCode.EXISTS;
            case INVALID_NAME -> ErrorCode.NAME;
            case SLOW_RECEIVER -> ErrorCode.SHED;
            case FORGOTTEN -> ErrorCode.UNKNOWN_OUTCOME;
            case LEASE_HELD -> ErrorCode.LEASE_HELD;
            case LEASE_EXPIRED -> ErrorCode.LEASE_LOST;
            case GROUP_EXPIRED -> ErrorCode.GROUP_EXPIRED;
        };
    }

    /** A value out of bounds that the library refused; of others it is a mistake in this program. */
    private static boolean isThrownBySluice(Throwable failure) {
        StackTraceElement[] trace = failure.getStackTrace();
        return trace.length > 0 && trace[0].getClassName().startsWith("dev.sluice.");
    }

    /** Of what a parser says: where it was follows, at length. */
    static String firstLine(Throwable failure) {
        return message(failure).lines().findFirst().orElse("");
    }

    private static String message(Throwable failure) {
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : message;
    }
}
