package dev.sluice.perf.network;

import dev.sluice.rsocket.ClientOptions;
import dev.sluice.rsocket.Peer;
import dev.sluice.rsocket.ServerOptions;
import dev.sluice.rsocket.SluiceClient;
import dev.sluice.rsocket.SluiceServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Objects;

/** Sluice with the options it has by itself. */
final class SluicePeer implements NetworkPeer {

    @Override
    public Server serve() {
        SluiceServer server = Objects.requireNonNull(SluiceServer.create(ServerOptions.builder()
                        .tcp(InetAddress.getLoopbackAddress().getHostAddress(), 0)
                        .build())
                .service(SluiceService.NAME, new SluiceService())
                .start()
                .block());
        return new Server() {
            @Override
            public int port() {
                return server.port();
            }

            @Override
            public void close() {
                server.close().block();
            }
        };
    }

    @Override
    public Connection connect(InetSocketAddress server) {
        SluiceClient client = SluiceClient.create(
                ClientOptions.tcp(server.getHostString(), server.getPort()).build());
        Peer peer = Objects.requireNonNull(client.connect().block());
        return new SluiceConnection(peer, () -> client.close().block());
    }
}
