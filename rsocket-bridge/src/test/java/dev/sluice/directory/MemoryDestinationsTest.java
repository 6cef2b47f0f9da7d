package dev.sluice.directory;

import dev.sluice.directory.contract.DestinationsContract;
import dev.sluice.directory.contract.DirectoryEngine;

/** Destinations in memory. */
class MemoryDestinationsTest extends DestinationsContract {

    private final MemoryEngine engine = new MemoryEngine();

    @Override
    protected DirectoryEngine engine() {
        return engine;
    }
}
