package dev.sluice.rsocket.channel;

import dev.sluice.channel.contract.TransportContract;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Channels on the other side of a TLS connection keep what a transport could break. */
class TlsChannelTest extends TransportContract implements OverSockets {

    @RegisterExtension
    static final Sockets SOCKETS = new Sockets(Sockets.Transport.TLS);

    @Override
    public Sockets sockets() {
        return SOCKETS;
    }
}
