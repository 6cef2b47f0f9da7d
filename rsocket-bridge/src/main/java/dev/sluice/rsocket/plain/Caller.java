package dev.sluice.rsocket.plain;

import dev.sluice.rsocket.Call;
import dev.sluice.rsocket.Peer;
import dev.sluice.rsocket.RemoteSource;
import dev.sluice.rsocket.session.Failures;
import dev.sluice.rsocket.transport.NettyConnection;
import dev.sluice.rsocket.wire.Code;
import java.net.SocketAddress;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A plain client as a service sees it. */
final class Caller implements Peer {

    private final NettyConnection connection;

    Caller(NettyConnection connection) {
        this.connection = connection;
    }

    @Override
    public Flux<RemoteSource> call(Call call) {
        return Flux.error(() -> Failures.of(
                Code.UNAVAILABLE, "the caller is a plain RSocket client, which offers no services: only sessions do"));
    }

    @Override
    public SocketAddress remoteAddress() {
        return connection.remoteAddress();
    }

    @Override
    public String node() {
        return "";
    }

    @Override
    public boolean isClosed() {
        return connection.isDisposed();
    }

    @Override
    public Mono<Void> onClose() {
        return connection.onClose().onErrorComplete();
    }
}
