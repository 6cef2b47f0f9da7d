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

    private static final Map<String, Supplier<NetworkPeer>> ALL = all();

    private Peers() {}

    private static Map<String, Supplier<NetworkPeer>> all() {
        Map<String, Supplier<NetworkPeer>> peers = new LinkedHashMap<>();
        peers.put(RSOCKET, () -> new RSocketPeer(RSocketPeer.Bytes.OWNED));
        peers.put("rsocket-java-nocopy", () -> new RSocketPeer(RSocketPeer.Bytes.BORROWED));
        peers.put(GRPC, GrpcPeer::new);
        return peers;
    }

    static List<String> names() {
        return List.copyOf(ALL.keySet());
    }

    static NetworkPeer named(String name) {
        Supplier<NetworkPeer> peer = ALL.get(name);
        if (peer == null) {
            throw new IllegalArgumentException("Unknown peer: " + name);
        }
        return peer.get();
    }
}
