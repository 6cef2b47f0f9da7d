package dev.sluice.hub.cli;

import dev.sluice.AccessDeniedException;
import dev.sluice.ChannelClosedException;
import dev.sluice.ChannelExistsException;
import dev.sluice.ChannelFullException;
import dev.sluice.ChannelNotFoundException;
import dev.sluice.ConfigurationException;
import dev.sluice.ConnectionLostException;
import dev.sluice.InvalidNameException;
import dev.sluice.ProtocolViolationException;
import dev.sluice.RemoteException;
import dev.sluice.SlowReceiverException;
import dev.sluice.rsocket.session.Failures;
import dev.sluice.switching.LeaseExpiredException;
import dev.sluice.switching.LeaseHeldException;
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
            return switch (Failures.code(failure)) {
                case LIMIT -> ErrorCode.LIMIT;
                case UNAVAILABLE -> ErrorCode.LEAVING;
                case NO_SERVICE -> ErrorCode.SERVICE_NOT_FOUND;
                case TOO_LARGE -> ErrorCode.TOO_LARGE;
                case BAD_REQUEST -> ErrorCode.REQUEST;
                case TIMEOUT -> ErrorCode.TIMED_OUT;
                case FORGOTTEN -> ErrorCode.UNKNOWN_OUTCOME;
                case VIOLATION -> ErrorCode.PROTOCOL;
                default -> ErrorCode.REMOTE;
            };
        }
        return KNOWN.stream()
                .filter(known -> known.type.isInstance(failure))
                .map(Known::code)
                .findFirst()
                .orElse(ErrorCode.INTERNAL);
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
