package dev.sluice.rsocket.channel;

import dev.sluice.channel.Channels;
import dev.sluice.channel.contract.ChannelContract;
import dev.sluice.channel.contract.ListingContract;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Channels on the other side of a socket keep the contract. */
class RemoteChannelTest extends ChannelContract implements OverSockets, ListingContract {

    @RegisterExtension
    static final Sockets SOCKETS = new Sockets(Sockets.Transport.TCP);

    @Override
    public Sockets sockets() {
        return SOCKETS;
    }

    @Override
    public Channels registry() {
        return SOCKETS.channels();
    }
}
