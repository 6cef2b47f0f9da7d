package dev.sluice.rsocket.channel;

import dev.sluice.channel.contract.TransportContract;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Channels on the other side of a WebSocket keep what a transport could break. */
class WebSocketChannelTest extends TransportContract implements OverSockets {

    @RegisterExtension
    static final Sockets SOCKETS = new Sockets(Sockets.Transport.WEB_SOCKET);

    @Override
    public Sockets sockets() {
        return SOCKETS;
    }
}
