package dev.sluice.directory;

import dev.sluice.directory.contract.DirectoryEngine;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import reactor.test.scheduler.VirtualTimeScheduler;

/** The directory in memory, whose time is the test's. */
final class MemoryEngine implements DirectoryEngine {

    final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    final MemoryKeys keys = new MemoryKeys(time);
    private final Map<Directory, MemoryKeyspace> opened = new HashMap<>();

    @Override
    public Directory open() {
        MemoryKeyspace keyspace = new MemoryKeyspace(keys, () -> {});
        Directory directory = Directory.over(keyspace);
        opened.put(directory, keyspace);
        return directory;
    }

    @Override
    public void crash(Directory directory) {
        Objects.requireNonNull(opened.get(directory)).crash();
    }

    @Override
    public void pass(Duration by) {
        time.advanceTimeBy(by);
    }

    @Override
    public void put(String key, String text) {
        if (keys.read(folder(key)).containsKey(key)) {
            remove(key);
        }
        keys.release(keys.hold(new Keyspace.Claim(Map.of(), Map.of(key, text), Set.of()), 1));
    }

    private static String folder(String key) {
        return key.substring(0, key.lastIndexOf('/') + 1);
    }

    @Override
    public void remove(String key) {
        keys.remove(key, Objects.requireNonNull(keys.read(folder(key)).get(key)).revision());
    }

    @Override
    public void wipe() {
        keys.wipe();
    }
}
