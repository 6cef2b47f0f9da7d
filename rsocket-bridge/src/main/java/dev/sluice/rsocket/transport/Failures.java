package dev.sluice.rsocket.transport;

import dev.sluice.ConnectionLostException;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.websocketx.WebSocketHandshakeException;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.net.ConnectException;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import javax.net.ssl.SSLException;

/** Says what happened to a connection, to whom, and what can be done. */
final class Failures {

    private static final String NO_TLS =
            "the other end does not answer with TLS; connect without TLS, or switch it on there";

    private Failures() {}

    /** A connection that could not be made. */
    static ConnectionLostException connecting(TransportOptions options, Throwable thrown) {
        Throwable cause = thrown instanceof DecoderException && thrown.getCause() != null ? thrown.getCause() : thrown;
        return new ConnectionLostException(
                "cannot connect to " + options.target() + ": " + connectingReason(options, cause), cause);
    }

    private static String connectingReason(TransportOptions options, Throwable cause) {
        // Before ConnectException, which it is too.
        if (cause instanceof ConnectTimeoutException) {
            return "no answer within " + options.connectTimeout().toMillis()
                    + " ms; check host and port, and that no firewall drops the packets";
        }
        if (cause instanceof ConnectException) {
            return "refused (" + cause.getMessage() + "); check that the server runs and listens on this port";
        }
        if (cause instanceof UnknownHostException) {
            return "the name cannot be resolved; check its spelling and the resolver";
        }
        if (cause instanceof SslHandshakeTimeoutException || cause instanceof NotSslRecordException) {
            return NO_TLS;
        }
        if (cause instanceof ClosedChannelException && options.tls() != null) {
            return "closed before TLS was agreed on, so perhaps " + NO_TLS;
        }
        if (cause instanceof SSLException) {
            return tls(cause);
        }
        if (cause instanceof WebSocketHandshakeException) {
            return "no WebSocket at " + options.path() + " (" + cause.getMessage()
                    + "); check the path, and that the server speaks WebSocket"
                    + (options.tls() == null ? " without TLS" : "");
        }
        return reason(cause) + (options.tls() == null ? "; check whether the server wants TLS" : "");
    }

    /** A connection that was made and has failed. */
    static ConnectionLostException lost(SocketAddress peer, Throwable thrown) {
        Throwable cause = thrown instanceof DecoderException && thrown.getCause() != null ? thrown.getCause() : thrown;
        return new ConnectionLostException(
                "lost the connection with " + peer + ": "
                        + (cause instanceof SSLException ? tls(cause) : reason(cause)),
                cause);
    }

    private static String tls(Throwable cause) {
        return "TLS failed (" + innermost(cause)
                + "); check that each side trusts the other's certificate, that the certificate names this host, and whether the"
                + " server requires one of the client";
    }

    /** The JDK wraps what it found wrong with a certificate several times over. */
    private static String innermost(Throwable cause) {
        Throwable inner = cause;
        while (inner.getCause() != null) {
            inner = inner.getCause();
        }
        return reason(inner);
    }

    private static String reason(Throwable cause) {
        String message = cause.getMessage();
        return message == null ? cause.getClass().getSimpleName() : message;
    }
}
