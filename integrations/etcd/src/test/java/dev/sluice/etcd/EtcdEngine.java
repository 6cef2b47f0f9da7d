package dev.sluice.etcd;

import static org.awaitility.Awaitility.await;

import dev.sluice.directory.Directory;
import dev.sluice.directory.contract.DirectoryEngine;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A prefix of its own in an etcd that outlives the test. */
final class EtcdEngine implements DirectoryEngine {

    private static final AtomicInteger NUMBER = new AtomicInteger();

    final String prefix = "/test" + NUMBER.incrementAndGet();
    private final EtcdServer server;
    private final Map<Directory, EtcdKeyspace> keyspaces = new ConcurrentHashMap<>();
    private final List<EtcdKeyspace> opened = new CopyOnWriteArrayList<>();

    EtcdEngine(EtcdServer server) {
        this.server = server;
    }

    EtcdOptions.Builder options() {
        // A process that has just begun, on a machine that others use, takes seconds to connect for the first time.
        return EtcdOptions.builder().endpoint(server.endpoint()).prefix(prefix).requestTimeout(Duration.ofSeconds(20));
    }

    @Override
    public Directory open() {
        return open(options().build());
    }

    Directory open(EtcdOptions options) {
        EtcdKeyspace keyspace = new EtcdKeyspace(options);
        Directory directory = Directory.over(keyspace);
        keyspaces.put(directory, keyspace);
        opened.add(keyspace);
        return directory;
    }

    EtcdKeyspace keyspace(Directory directory) {
        return Objects.requireNonNull(keyspaces.get(directory));
    }

    @Override
    public void crash(Directory directory) {
        keyspace(directory).suspend();
    }

    @Override
    public void pass(Duration time) {
        await().pollDelay(time).atMost(time.plusSeconds(10)).until(() -> true);
    }

    @Override
    public void remove(String key) {
        server.etcdctl("del", prefix + "/" + key);
    }

    @Override
    public void put(String key, String text) {
        server.etcdctl("put", prefix + "/" + key, text);
    }

    @Override
    public void wipe() {
        server.etcdctl("del", "--prefix", prefix + "/");
        for (EtcdKeyspace keyspace : opened) {
            keyspace.leases().forEach(lease -> server.etcdctl("lease", "revoke", Long.toHexString(lease)));
        }
    }
}
