package dev.sluice.rsocket.channel;

import dev.sluice.rsocket.Call;
import dev.sluice.rsocket.Peer;
import dev.sluice.rsocket.RemoteSource;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import reactor.core.Scannable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Somebody without a name who calls, until it leaves. */
final class Caller implements Peer {

    private final Sinks.Empty<Void> left = Sinks.empty();

    void leave() {
        left.tryEmitEmpty();
    }

    @Override
    public Flux<RemoteSource> call(Call call) {
        throw new UnsupportedOperationException("nobody calls back");
    }

    @Override
    public SocketAddress remoteAddress() {
        return InetSocketAddress.createUnresolved("nowhere", 0);
    }

    @Override
    public String node() {
        return "";
    }

    @Override
    public boolean isClosed() {
        return Boolean.TRUE.equals(left.scan(Scannable.Attr.TERMINATED));
    }

    @Override
    public Mono<Void> onClose() {
        return left.asMono();
    }
}
