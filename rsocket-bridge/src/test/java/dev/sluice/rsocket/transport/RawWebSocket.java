package dev.sluice.rsocket.transport;

import java.nio.charset.StandardCharsets;

/** What a client without manners writes into its socket. */
public final class RawWebSocket {

    private RawWebSocket() {}

    /** The request that makes a connection a WebSocket, on path "/". */
    public static byte[] handshake() {
        return String.join(
                        "\r\n",
                        "GET / HTTP/1.1",
                        "Host: here",
                        "Upgrade: websocket",
                        "Connection: Upgrade",
                        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                        "Sec-WebSocket-Version: 13",
                        "",
                        "")
                .getBytes(StandardCharsets.US_ASCII);
    }
}
