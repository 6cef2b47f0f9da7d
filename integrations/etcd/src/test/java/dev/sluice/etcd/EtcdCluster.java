package dev.sluice.etcd;

import java.util.List;
import java.util.stream.Collectors;

/** Three real etcds of a test that are one cluster. */
public final class EtcdCluster implements AutoCloseable {

    private final List<EtcdServer> nodes = List.of(node("a"), node("b"), node("c"));

    private EtcdCluster() {}

    private static EtcdServer node(String name) {
        return new EtcdServer(name, false, List.of());
    }

    /** A cluster that is ready. */
    public static EtcdCluster start() {
        EtcdCluster cluster = new EtcdCluster();
        String members = cluster.nodes.stream().map(EtcdServer::member).collect(Collectors.joining(","));
        cluster.nodes.forEach(node -> node.begin(members));
        cluster.nodes.forEach(EtcdServer::awaitReady);
        return cluster;
    }

    /** All its nodes. */
    public List<EtcdServer> nodes() {
        return nodes;
    }

    /** The one that leads, or one of the others. */
    public EtcdServer node(boolean leader) {
        return nodes.stream()
                .filter(node -> node.metric("etcd_server_is_leader") == 1 == leader)
                .findFirst()
                .orElseThrow();
    }

    /**
     * The URL of a directory in it.
     *
     * @param prefix begins with {@code /}
     */
    public String url(String prefix) {
        return "etcd://" + nodes.stream().map(EtcdServer::endpoint).collect(Collectors.joining(",")) + prefix;
    }

    @Override
    public void close() {
        nodes.forEach(EtcdServer::close);
    }
}
