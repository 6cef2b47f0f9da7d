package dev.sluice.rsocket.outlet;

import dev.sluice.Frame;
import dev.sluice.channel.Channel;
import dev.sluice.channel.SwitchableSender;
import dev.sluice.switching.SwitchableSink;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Makes outlets and closes them, when it is told to, and sees that a name never has two and that each is closed once. */
final class Workshop {

    /** What happened, such as "make a" and "close a", in order. */
    final List<String> events = new CopyOnWriteArrayList<>();

    /** What must not have happened. */
    final Queue<String> violations = new ConcurrentLinkedQueue<>();

    private final Channel<Frame> target = Channel.<Frame>create();
    private final Map<String, SwitchableSender<Frame>> live = new ConcurrentHashMap<>();
    private final Map<String, Sinks.Empty<Void>> slow = new ConcurrentHashMap<>();

    /** One that nobody keeps an eye on. */
    static SwitchableSender<Frame> outlet() {
        return SwitchableSink.create("outlet", Channel.<Frame>create());
    }

    /** An opener, whatever the target. */
    SwitchableSender<Frame> make(String name) {
        events.add("make " + name);
        SwitchableSender<Frame> made = SwitchableSink.create(name, target);
        if (live.putIfAbsent(name, made) != null) {
            violations.add("a second " + name);
        }
        return made;
    }

    /** A closer, done when {@link #slow} lets it be. */
    Mono<Void> close(String name, SwitchableSender<Frame> outlet) {
        return Mono.defer(() -> {
                    events.add("close " + name);
                    Sinks.Empty<Void> until = slow.get(name);
                    return until == null ? Mono.<Void>empty() : until.asMono();
                })
                .doOnTerminate(() -> gone(name, outlet));
    }

    /** An outlet is closed. */
    void gone(String name, SwitchableSender<Frame> outlet) {
        if (!live.remove(name, outlet)) {
            violations.add("closed twice or never made: " + name);
        }
    }

    /** Outlets that are made and not closed. */
    int live() {
        return live.size();
    }

    /** Has the closers of a name wait until this completes. */
    Sinks.Empty<Void> slow(String name) {
        Sinks.Empty<Void> until = Sinks.empty();
        slow.put(name, until);
        return until;
    }

    OutletOptions.Builder options() {
        return OutletOptions.builder().closer(this::close);
    }
}
