package dev.sluice.etcd;

import io.grpc.EquivalentAddressGroup;
import io.grpc.NameResolver;
import io.grpc.Status;
import io.grpc.StatusOr;
import io.grpc.SynchronizationContext;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Tells gRPC the addresses of an endpoint. They are looked up on threads that may block. */
final class Resolver extends NameResolver {

    /** The scheme under which gRPC asks for this. */
    static final String SCHEME = "sluice-etcd";

    private final Endpoint endpoint;
    private final SynchronizationContext context;
    private final Executor blocking;
    private volatile @Nullable Listener2 listener;

    private Resolver(Endpoint endpoint, Args args) {
        this.endpoint = endpoint;
        this.context = args.getSynchronizationContext();
        Executor given = args.getOffloadExecutor();
        Scheduler otherwise = Schedulers.boundedElastic();
        this.blocking = given == null ? otherwise::schedule : given;
    }

    static NameResolver.Factory of(Endpoint endpoint) {
        return new NameResolver.Factory() {
            @Override
            public NameResolver newNameResolver(URI target, Args args) {
                return new Resolver(endpoint, args);
            }

            @Override
            public String getDefaultScheme() {
                return SCHEME;
            }
        };
    }

    @Override
    public String getServiceAuthority() {
        return endpoint.toString();
    }

    @Override
    public void start(Listener2 told) {
        listener = told;
        refresh();
    }

    @Override
    public void refresh() {
        blocking.execute(() -> {
            StatusOr<List<EquivalentAddressGroup>> found = lookUp();
            context.execute(() -> {
                Listener2 told = listener;
                if (told != null) {
                    told.onResult2(ResolutionResult.newBuilder()
                            .setAddressesOrError(found)
                            .build());
                }
            });
        });
    }

    private StatusOr<List<EquivalentAddressGroup>> lookUp() {
        try {
            List<SocketAddress> addresses = new ArrayList<>();
            for (InetAddress address : InetAddress.getAllByName(endpoint.host())) {
                addresses.add(new InetSocketAddress(address, endpoint.port()));
            }
            return StatusOr.fromValue(List.of(new EquivalentAddressGroup(addresses)));
        } catch (UnknownHostException unknown) {
            return StatusOr.fromStatus(Status.UNAVAILABLE
                    .withDescription("no address is known for " + endpoint.host())
                    .withCause(unknown));
        }
    }

    @Override
    public void shutdown() {
        listener = null;
    }
}
