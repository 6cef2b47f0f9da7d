package dev.sluice.rsocket.channel;

import dev.sluice.ChannelClosedException;
import dev.sluice.ChannelNotFoundException;
import dev.sluice.Frame;
import dev.sluice.channel.BroadcastOptions;
import dev.sluice.channel.BroadcastResult;
import dev.sluice.channel.Channel;
import dev.sluice.channel.ChannelEvent;
import dev.sluice.channel.ChannelName;
import dev.sluice.channel.ChannelOptions;
import dev.sluice.channel.ChannelStats;
import dev.sluice.channel.Channels;
import dev.sluice.rsocket.Call;
import dev.sluice.rsocket.RemoteSource;
import dev.sluice.rsocket.SluiceClient;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A registry of channels on another machine, used as if it were here. Thread safe. */
public final class RemoteChannels implements Channels {

    private static final Logger LOG = LoggerFactory.getLogger(RemoteChannels.class);

    private final SluiceClient client;
    private final boolean ownsClient;
    private final Operations operations;
    private volatile boolean closed;

    private RemoteChannels(SluiceClient client, boolean ownsClient) {
        this.client = client;
        this.ownsClient = ownsClient;
        this.operations = new Operations(client, Verbs.WITHDRAW, Verbs.REMEMBER);
    }

    /**
     * The channels a server offers.
     *
     * @param client connects to the server; it stays the caller's to close
     */
    public static Channels of(SluiceClient client) {
        return new RemoteChannels(Objects.requireNonNull(client, "client"), false);
    }

    /** As {@link #of}, and the client is closed with the registry. */
    static Channels owning(SluiceClient client) {
        return new RemoteChannels(client, true);
    }

    SluiceClient client() {
        return client;
    }

    Operations operations() {
        return operations;
    }

    /** Does something nobody waits for. */
    void quietly(String what, Mono<?> operation) {
        operation.subscribe(
                done -> {}, failure -> LOG.warn("Could not {} at {}: {}", what, this, failure.getMessage()));
    }

    static @Nullable Boolean isTrue(@Nullable Frame said) {
        return said != null && "true".equals(said.asText());
    }

    /** Frames of the one source of an answer. */
    Flux<Frame> reading(Call call) {
        return operations.sessions().call(call.firstItems(1)).next().flatMapMany(RemoteSource::frames);
    }

    @Override
    public Channel<Frame> channel(String name) {
        ChannelName.require(name);
        if (closed) {
            throw new ChannelClosedException("the registry " + this + " is closed");
        }
        return new RemoteChannel(this, name);
    }

    @Override
    public Mono<Channel<Frame>> create(String name, ChannelOptions options) {
        return Mono.defer(() -> {
            ChannelName.require(name);
            return operations.ask(
                    Call.to(Verbs.CREATE).tag(Verbs.CHANNEL, name).tags(Tags.of(options)),
                    said -> described(name, said));
        });
    }

    private Channel<Frame> described(String name, @Nullable Frame said) {
        return new RemoteChannel(this, name)
                .described(Objects.requireNonNull(said, "answer").asText());
    }

    @Override
    public Mono<Channel<Frame>> find(String name) {
        return Mono.defer(() -> {
            ChannelName.require(name);
            return operations
                    .sessions()
                    .call(Call.to(Verbs.FIND).tag(Verbs.CHANNEL, name))
                    .next()
                    .map(source -> {
                        source.discard();
                        return described(name, source.header());
                    })
                    .onErrorResume(ChannelNotFoundException.class, none -> Mono.empty());
        });
    }

    @Override
    public Mono<Boolean> delete(String name) {
        return Mono.defer(() -> {
            ChannelName.require(name);
            return operations.ask(Call.to(Verbs.DELETE).tag(Verbs.CHANNEL, name), RemoteChannels::isTrue);
        });
    }

    @Override
    public Flux<String> list(String prefix, String after) {
        return reading(page(Verbs.LIST, prefix, after)).map(Frame::asText);
    }

    private static Call page(String verb, String prefix, String after) {
        Call call = Call.to(verb).tag(Verbs.PREFIX, prefix);
        return after.isEmpty() ? call : call.tag(Verbs.AFTER, after);
    }

    @Override
    public Mono<Long> count() {
        return reading(Call.to(Verbs.COUNT)).next().map(count -> Long.parseLong(count.asText()));
    }

    @Override
    public Flux<ChannelStats> stats(String prefix, String after) {
        return reading(page(Verbs.STATS, prefix, after)).map(Json::stats);
    }

    @Override
    public Flux<ChannelEvent> events() {
        return new RemoteReceiver<>(operations.sessions(), () -> Feeds.events(Call.to(Verbs.EVENTS)));
    }

    @Override
    public Mono<BroadcastResult> broadcast(String prefix, Frame frame, BroadcastOptions options) {
        return operations.ask(
                Call.to(Verbs.BROADCAST)
                        .tags(Map.of(Verbs.PREFIX, prefix))
                        .tags(Tags.of(options))
                        .body(frame),
                said -> Json.broadcast(Objects.requireNonNull(said, "answer")));
    }

    @Override
    public Mono<Void> close() {
        return Mono.defer(() -> {
            closed = true;
            return ownsClient ? client.close() : Mono.empty();
        });
    }

    @Override
    public boolean isClosed() {
        return closed;
    }

    @Override
    public String toString() {
        return client.options().transport().toString();
    }
}
