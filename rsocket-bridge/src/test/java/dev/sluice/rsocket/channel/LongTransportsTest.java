package dev.sluice.rsocket.channel;

import dev.sluice.channel.contract.ChannelContract;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Channels keep the whole contract over every transport; {@link RemoteChannelTest} has plain TCP. */
@Tag("long")
class LongTransportsTest {

    @Nested
    class WebSocket extends ChannelContract implements OverSockets {

        @RegisterExtension
        static final Sockets SOCKETS = new Sockets(Sockets.Transport.WEB_SOCKET);

        @Override
        public Sockets sockets() {
            return SOCKETS;
        }
    }

    @Nested
    class Tls extends ChannelContract implements OverSockets {

        @RegisterExtension
        static final Sockets SOCKETS = new Sockets(Sockets.Transport.TLS);

        @Override
        public Sockets sockets() {
            return SOCKETS;
        }
    }

    @Nested
    class SecureWebSocket extends ChannelContract implements OverSockets {

        @RegisterExtension
        static final Sockets SOCKETS = new Sockets(Sockets.Transport.SECURE_WEB_SOCKET);

        @Override
        public Sockets sockets() {
            return SOCKETS;
        }
    }
}
