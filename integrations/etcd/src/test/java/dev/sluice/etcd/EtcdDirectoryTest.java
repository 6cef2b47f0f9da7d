package dev.sluice.etcd;

import dev.sluice.directory.contract.DirectoryContract;
import dev.sluice.directory.contract.DirectoryEngine;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Services in an etcd. */
class EtcdDirectoryTest extends DirectoryContract {

    private static EtcdServer server;

    private final EtcdEngine engine = new EtcdEngine(server);

    @BeforeAll
    static void start() {
        server = EtcdServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Override
    protected DirectoryEngine engine() {
        return engine;
    }
}
