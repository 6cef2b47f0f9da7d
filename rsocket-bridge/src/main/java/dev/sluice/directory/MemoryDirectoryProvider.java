package dev.sluice.directory;

import dev.sluice.channel.spi.ChannelsConfig;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import reactor.core.scheduler.Schedulers;

/** The engine {@code memory:name}. */
public final class MemoryDirectoryProvider implements DirectoryProvider {

    /** Named registries and how many hold each; guarded by itself. The last who closes one takes it away. */
    private static final Map<String, Shared> SHARED = new HashMap<>();

    private static final class Shared {
        final MemoryKeys keys = new MemoryKeys(Schedulers.parallel());
        int holders;
    }

    /** For {@link java.util.ServiceLoader}. */
    public MemoryDirectoryProvider() {}

    @Override
    public String scheme() {
        return "memory";
    }

    @Override
    public Set<String> options() {
        return Set.of("path");
    }

    @Override
    public Directory open(ChannelsConfig config) {
        String name = config.text("path");
        if (name == null) {
            return Directory.inMemory();
        }
        synchronized (SHARED) {
            Shared shared = SHARED.computeIfAbsent(name, absent -> new Shared());
            shared.holders++;
            return Directory.over(new MemoryKeyspace(shared.keys, () -> leave(name, shared)));
        }
    }

    private static void leave(String name, Shared shared) {
        synchronized (SHARED) {
            if (--shared.holders == 0) {
                SHARED.remove(name, shared);
            }
        }
    }
}
