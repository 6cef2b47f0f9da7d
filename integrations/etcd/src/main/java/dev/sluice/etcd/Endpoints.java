package dev.sluice.etcd;

import io.grpc.Attributes;
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
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Tells gRPC the addresses of all endpoints, each of which proves its own name over TLS. Names are looked up on threads that may block; one that
 * nobody knows is left out for as long as another one is known.
 */
final class Endpoints extends NameResolver {

    /** The scheme under which gRPC asks for this. */
    static final String SCHEME = "sluice-etcd";

    private final List<Endpoint> endpoints;
    private final SynchronizationContext context;
    private final Executor blocking;
    private volatile @Nullable Listener2 listener;

    private Endpoints(List<Endpoint> endpoints, Args args) {
        this.endpoints = endpoints;
        this.context = args.getSynchronizationContext();
        Executor given = args.getOffloadExecutor();
        Scheduler otherwise = Schedulers.boundedElastic();
        this.blocking = given == null ? otherwise::schedule : given;
    }

    static NameResolver.Factory of(List<Endpoint> endpoints) {
        return new NameResolver.Factory() {
            @Override
            public NameResolver newNameResolver(URI target, Args args) {
                return new Endpoints(endpoints, args);
            }

            @Override
            public String getDefaultScheme() {
                return SCHEME;
            }
        };
    }

    @Override
    public String getServiceAuthority() {
        return endpoints.get(0).toString();
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
        List<EquivalentAddressGroup> found = new ArrayList<>();
        UnknownHostException unknown = null;
        for (Endpoint endpoint : endpoints) {
            try {
                List<SocketAddress> addresses = new ArrayList<>();
                for (InetAddress address : InetAddress.getAllByName(endpoint.host())) {
                    addresses.add(new InetSocketAddress(address, endpoint.port()));
                }
                found.add(new EquivalentAddressGroup(
                        addresses,
                        Attributes.newBuilder()
                                .set(EquivalentAddressGroup.ATTR_AUTHORITY_OVERRIDE, endpoint.toString())
                                .build()));
            } catch (UnknownHostException e) {
                unknown = e;
            }
        }
        return found.isEmpty()
                ? StatusOr.fromStatus(Status.UNAVAILABLE
                        .withDescription("no address is known for " + Objects.requireNonNull(unknown).getMessage())
                        .withCause(unknown))
                : StatusOr.fromValue(found);
    }

    @Override
    public void shutdown() {
        listener = null;
    }
}
