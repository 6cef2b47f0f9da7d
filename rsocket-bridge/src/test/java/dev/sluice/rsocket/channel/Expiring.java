package dev.sluice.rsocket.channel;

import dev.sluice.channel.Channels;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;

/** Channels that are deleted as idle in the worst moment: after they were looked up, before anything is done with them. */
public final class Expiring {

    private final Channels channels = Channels.inMemory();
    private final AtomicInteger toDoom = new AtomicInteger();
    private final AtomicInteger doomed = new AtomicInteger();

    /** How often the next look-ups give a channel that is gone already. */
    public void doom(int lookups) {
        doomed.set(lookups);
        toDoom.set(lookups);
    }

    /** How many of them are to come. */
    public int doomed() {
        return doomed.get();
    }

    /** The registry as the server has it. */
    public Channels there() {
        return (Channels) Proxy.newProxyInstance(
                Channels.class.getClassLoader(), new Class<?>[] {Channels.class}, (proxy, method, arguments) -> {
                    try {
                        Object given = method.invoke(channels, arguments);
                        if (method.getName().equals("channel")
                                && toDoom.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                            channels.deleteIfIdle((String) arguments[0]).subscribe();
                            // Last: who sees it finds none that is still to go.
                            doomed.decrementAndGet();
                        }
                        return given;
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                });
    }

    /** The same, where nothing goes. */
    public Channels channels() {
        return channels;
    }
}
