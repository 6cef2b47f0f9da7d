package dev.sluice.rsocket.channel;

import dev.sluice.Frame;
import dev.sluice.channel.Channel;
import dev.sluice.channel.ChannelOptions;
import dev.sluice.channel.ChannelStats;
import dev.sluice.channel.Delivery;
import dev.sluice.channel.Entry;
import dev.sluice.channel.GroupOptions;
import dev.sluice.channel.ListenOptions;
import dev.sluice.channel.Position;
import dev.sluice.channel.SendResult;
import dev.sluice.rsocket.Call;
import dev.sluice.rsocket.session.Failures;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A channel on another machine. Everything is done there; this is a handle, and several of one name are the same channel.
 *
 * <p>What differs from a channel near by: {@link #trySend} cannot answer without a round trip, so it makes its thread wait for one, and refuses to
 * on a thread that must not wait. {@link #capacity()}, {@link #isClosed()} and {@code scan} tell what this handle has last heard.
 */
final class RemoteChannel implements Channel<Frame> {

    /** Characters of the message with which a channel is closed that go along. */
    private static final int MOST_CAUSE = 1_000;

    private final RemoteChannels registry;
    private final String name;
    private final Map<String, String> tags;
    private final RemoteSender sender;
    private volatile int capacity = ChannelOptions.DEFAULT_CAPACITY;
    private volatile long buffered;
    private volatile boolean closed;

    RemoteChannel(RemoteChannels registry, String name) {
        this.registry = registry;
        this.name = name;
        this.tags = Map.of(Verbs.CHANNEL, name);
        this.sender = new RemoteSender(registry.operations(), "channel", name, call(Verbs.SEND), call(Verbs.SEND_ALL));
    }

    private Call call(String service) {
        return Call.to(service).tags(tags);
    }

    private <T> Mono<T> ask(Call call, Function<@Nullable Frame, @Nullable T> read) {
        return registry.operations().ask(call, read);
    }

    /** Learns what the registry says of a channel: its capacity, and whether it is closed. */
    RemoteChannel described(String description) {
        String[] words = description.split(" ", -1);
        capacity = Integer.parseInt(words[0]);
        closed = words.length > 1;
        return this;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int capacity() {
        return capacity;
    }

    @Override
    public Mono<Void> send(Frame element) {
        return sender.send(element);
    }

    @Override
    public SendResult trySend(Frame element) {
        return sender.trySend(element);
    }

    @Override
    public Mono<Long> sendAll(Publisher<? extends Frame> elements) {
        return sender.sendAll(elements);
    }

    @Override
    public Mono<Void> resize(int size) {
        return Mono.defer(() -> {
            ChannelOptions.requireCapacity(size);
            return ask(call(Verbs.RESIZE).tag(Verbs.CAPACITY, Integer.toString(size)), said -> null)
                    .doOnSuccess(done -> capacity = size)
                    .then();
        });
    }

    @Override
    public Flux<Frame> receive(String group) {
        Objects.requireNonNull(group, "group");
        Call call = call(Verbs.RECEIVE).tag(Verbs.GROUP, group);
        return new RemoteReceiver<>(registry.operations().sessions(), () -> Feeds.elements(call));
    }

    @Override
    public Flux<Delivery<Frame>> receiveAcked(String group, int maxUnacked) {
        Objects.requireNonNull(group, "group");
        if (maxUnacked < 1) {
            return Flux.error(new IllegalArgumentException("maxUnacked must be 1 or more, was " + maxUnacked));
        }
        Call call = call(Verbs.RECEIVE).tag(Verbs.GROUP, group).tag(Verbs.MOST, Integer.toString(maxUnacked));
        return new RemoteReceiver<>(registry.operations().sessions(), () -> Feeds.deliveries(call));
    }

    @Override
    public Flux<Entry<Frame>> listenEntries(Position from, ListenOptions options) {
        Objects.requireNonNull(from, "from");
        Objects.requireNonNull(options, "options");
        Call call = call(Verbs.LISTEN);
        return new RemoteReceiver<>(registry.operations().sessions(), () -> Feeds.entries(call, from, options));
    }

    @Override
    public Mono<Boolean> createGroup(String group, GroupOptions options) {
        return ask(call(Verbs.CREATE_GROUP).tag(Verbs.GROUP, group).tags(Tags.of(options)), RemoteChannels::isTrue);
    }

    @Override
    public Mono<Boolean> removeGroup(String group) {
        return ask(call(Verbs.REMOVE_GROUP).tag(Verbs.GROUP, group), RemoteChannels::isTrue);
    }

    @Override
    public void close() {
        closed = true;
        registry.quietly("close " + name, ask(call(Verbs.CLOSE), said -> null));
    }

    @Override
    public void close(Throwable cause) {
        Objects.requireNonNull(cause, "cause");
        closed = true;
        registry.quietly(
                "close " + name,
                ask(call(Verbs.CLOSE).tag(Verbs.CAUSE, shortened(Failures.text(cause))), said -> null));
    }

    /** So that it fits a tag, whatever is in it. */
    private static String shortened(String text) {
        String begin = text.length() <= MOST_CAUSE ? text : text.substring(0, MOST_CAUSE) + " …";
        return new String(begin.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    @Override
    public boolean isClosed() {
        return closed;
    }

    @Override
    public Mono<ChannelStats> stats() {
        return registry.reading(call(Verbs.STATS)).next().map(Json::stats).doOnNext(stats -> {
            capacity = stats.capacity();
            buffered = stats.buffered();
            closed = stats.closed();
        });
    }

    @Override
    @SuppressWarnings("rawtypes") // as Reactor declares it
    public @Nullable Object scanUnsafe(Attr key) {
        if (key == Attr.NAME) {
            return name;
        }
        if (key == Attr.CAPACITY) {
            return capacity;
        }
        if (key == Attr.BUFFERED) {
            return (int) Math.min(Integer.MAX_VALUE, buffered);
        }
        return key == Attr.TERMINATED ? closed : null;
    }

    @Override
    public String toString() {
        return "Channel(" + name + " at " + registry + ")";
    }
}
