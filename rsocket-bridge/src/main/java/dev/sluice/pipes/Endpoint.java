package dev.sluice.pipes;

import dev.sluice.directory.Instance;
import dev.sluice.directory.Scheme;

/** Where an instance is reached: one that registers anew under another id is the same. */
record Endpoint(Scheme scheme, String host, int port, String path) {

    static Endpoint of(Instance instance) {
        return new Endpoint(
                instance.scheme(),
                instance.host(),
                instance.port(),
                instance.metadata().getOrDefault(Instance.PATH, "/"));
    }

    @Override
    public String toString() {
        return scheme.text() + "://" + host + ":" + port;
    }
}
