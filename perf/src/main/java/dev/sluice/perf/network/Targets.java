package dev.sluice.perf.network;

import org.jspecify.annotations.Nullable;

/** What is to be reached over the network, as ratios of one run. */
final class Targets {
    private static final double FLOOD = 8;
    private static final double OPEN = 20;
    private static final double HEAVY = 1.2;

    /** At most 1.1 times as long. */
    private static final double LATENCY = 1 / 1.1;

    private Targets() {}

    /** The ratio to reach in a row beside a peer; {@code null} for none. */
    static @Nullable Double of(String row, String peer) {
        boolean isRSocket = peer.equals(Peers.RSOCKET);
        boolean isGrpc = peer.equals(Peers.GRPC);
        return switch (row) {
            case "flood" -> isRSocket || isGrpc ? FLOOD : null;
            case "open" -> isRSocket ? OPEN : null;
            case "heavy" -> isRSocket || isGrpc ? HEAVY : null;
            case "latency-p50" -> isRSocket ? LATENCY : null;
            default -> null;
        };
    }
}
