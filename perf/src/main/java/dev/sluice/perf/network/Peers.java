package dev.sluice.perf.network;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Who takes part. */
final class Peers {
    static final String SLUICE = "sluice";
    static final String RSOCKET = "rsocket-java";
    static final String GRPC = "grpc-java";

    /** Not a peer of its own but a look at what the copies cost: only measured when it is asked for. */
    static final String RSOCKET_NO_COPY = "rsocket-java-nocopy";

    private static final Map<String, Supplier<NetworkPeer>> ALL = all();

    private Peers() {}

    private static Map<String, Supplier<NetworkPeer>> all() {
        Map<String, Supplier<NetworkPeer>> peers = new LinkedHashMap<>();
        peers.put(SLUICE, SluicePeer::new);
        peers.put(RSOCKET, () -> new RSocketPeer(RSocketPeer.Bytes.OWNED));
        peers.put(RSOCKET_NO_COPY, () -> new RSocketPeer(RSocketPeer.Bytes.BORROWED));
        peers.put(GRPC, GrpcPeer::new);
        return peers;
    }

    /** All there are. */
    static List<String> names() {
        return List.copyOf(ALL.keySet());
    }

    /** Those that are measured when nobody says which. */
    static List<String> usual() {
        return ALL.keySet().stream()
                .filter(name -> !name.equals(RSOCKET_NO_COPY))
                .toList();
    }

    static NetworkPeer named(String name) {
        Supplier<NetworkPeer> peer = ALL.get(name);
        if (peer == null) {
            throw new IllegalArgumentException("Unknown peer: " + name);
        }
        return peer.get();
    }
}
