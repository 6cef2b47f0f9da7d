package dev.sluice.rsocket.session;

import dev.sluice.AccessDeniedException;
import dev.sluice.ChannelClosedException;
import dev.sluice.ChannelExistsException;
import dev.sluice.ChannelFullException;
import dev.sluice.ChannelNotFoundException;
import dev.sluice.ConnectionLostException;
import dev.sluice.GroupExpiredException;
import dev.sluice.InvalidNameException;
import dev.sluice.ProtocolViolationException;
import dev.sluice.RemoteException;
import dev.sluice.SlowReceiverException;
import dev.sluice.rsocket.wire.Code;
import java.util.concurrent.TimeoutException;
import reactor.core.Exceptions;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/** Errors as codes, and back. What a caller can act on keeps its type; of everything else the message travels, never more. */
public final class Failures {

    private Failures() {}

    /** The code of an error. */
    public static Code code(Throwable error) {
        if (error instanceof RemoteFailure failure) {
            return failure.code();
        }
        if (error instanceof ChannelClosedException) {
            return Code.CLOSED;
        }
        if (error instanceof ChannelFullException) {
            return Code.FULL;
        }
        if (error instanceof ChannelNotFoundException) {
            return Code.NOT_FOUND;
        }
        if (error instanceof ChannelExistsException) {
            return Code.EXISTS;
        }
        if (error instanceof InvalidNameException) {
            return Code.INVALID_NAME;
        }
        if (error instanceof SlowReceiverException) {
            return Code.SLOW_RECEIVER;
        }
        if (error instanceof AccessDeniedException) {
            return Code.DENIED;
        }
        if (error instanceof GroupExpiredException) {
            return Code.GROUP_EXPIRED;
        }
        if (error instanceof ProtocolViolationException) {
            return Code.VIOLATION;
        }
        if (error instanceof ConnectionLostException) {
            return Code.UNAVAILABLE;
        }
        if (error instanceof TimeoutException) {
            return Code.TIMEOUT;
        }
        return Code.FAILED;
    }

    /** What travels of an error besides its code. */
    public static String text(Throwable error) {
        String message = error.getMessage();
        Throwable cause = error.getCause();
        if (error instanceof ChannelClosedException && cause != null) {
            return message + "\n" + text(cause);
        }
        return message == null ? error.getClass().getSimpleName() : message;
    }

    /** The error of a code. */
    public static RuntimeException exception(Code code, String text) {
        return switch (code) {
            case CLOSED -> closed(text);
            case FULL -> new ChannelFullException(text);
            case NOT_FOUND -> new ChannelNotFoundException(text);
            case EXISTS -> new ChannelExistsException(text);
            case INVALID_NAME -> new InvalidNameException(text);
            case SLOW_RECEIVER -> new SlowReceiverException(text);
            case DENIED -> new AccessDeniedException(text);
            case GROUP_EXPIRED -> new GroupExpiredException(text);
            case VIOLATION -> new ProtocolViolationException(text);
            default -> new RemoteFailure(code, text);
        };
    }

    /** The second line tells why the channel was closed. */
    private static ChannelClosedException closed(String text) {
        int line = text.indexOf('\n');
        return line < 0
                ? new ChannelClosedException(text)
                : new ChannelClosedException(text.substring(0, line), new RemoteException(text.substring(line + 1)));
    }

    /** Runs code of the application that has no way to fail: what it throws is dropped, as Reactor does. */
    static void dropping(Runnable code) {
        try {
            code.run();
        } catch (Throwable thrown) {
            Exceptions.throwIfJvmFatal(thrown);
            Operators.onErrorDropped(thrown, Context.empty());
        }
    }

    /** A failure whose code has no exception of its own. */
    public static RuntimeException of(Code code, String text) {
        return new RemoteFailure(code, text);
    }

    /** Keeps the code, for those who pass the failure on. */
    private static final class RemoteFailure extends RemoteException {
        private static final long serialVersionUID = 1L;
        private final Code code;

        RemoteFailure(Code code, String text) {
            super(text);
            this.code = code;
        }

        Code code() {
            return code;
        }
    }
}
