package dev.sluice.rsocket.channel;

import dev.sluice.ChannelNotFoundException;
import dev.sluice.ConnectionLostException;
import dev.sluice.Frame;
import dev.sluice.RemoteException;
import dev.sluice.Source;
import dev.sluice.channel.Channel;
import dev.sluice.channel.Channels;
import dev.sluice.channel.Entry;
import dev.sluice.channel.GroupOptions;
import dev.sluice.channel.ListenOptions;
import dev.sluice.channel.Position;
import dev.sluice.channel.spi.Afresh;
import dev.sluice.rsocket.Request;
import dev.sluice.rsocket.Service;
import dev.sluice.rsocket.security.SelfGuarded;
import dev.sluice.rsocket.security.Verb;
import dev.sluice.rsocket.session.Failures;
import dev.sluice.rsocket.wire.Code;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Offers the channels of a registry to other machines, as services.
 *
 * <p>What changes something is done once for each number of its publisher, so a client that lost its connection may repeat it, see {@link
 * PublisherState}. Each call looks its channel up by name, so one that was deleted as idle meanwhile is not noticed. Thread safe.
 */
public final class ChannelServices {

    private final Channels channels;
    private final int listenerBuffer;
    private final ServedOperations operations;
    private final Incarnations incarnations = new Incarnations();

    private ChannelServices(Channels channels, Duration memory, long waitingBytes, int listenerBuffer) {
        this.channels = channels;
        this.listenerBuffer = listenerBuffer;
        this.operations = new ServedOperations(memory, waitingBytes);
    }

    /**
     * The services of a registry, by name.
     *
     * @param channels the registry; it stays the caller's to close
     * @param memory for how long a client that lost its connection may come back and find what became of its sends
     * @param waitingBytes bytes of elements that wait to be accepted, and of kept outcomes, of all clients together at most; a client may have a
     *     quarter of that
     * @param listenerBuffer the most elements a listener that holds nobody back may have waiting
     */
    public static Map<String, Service> of(Channels channels, Duration memory, long waitingBytes, int listenerBuffer) {
        return new ChannelServices(channels, memory, waitingBytes, listenerBuffer).services();
    }

    private Map<String, Service> services() {
        Map<String, Service> services = new LinkedHashMap<>();
        services.put(Verbs.SEND, of(Verb.SEND, request -> operations.send(request, to(request))));
        services.put(Verbs.SEND_ALL, of(Verb.SEND, request -> operations.sendAll(request, to(request))));
        services.put(Verbs.BROADCAST, below(Verb.SEND, request -> once(request, () -> broadcast(request))));
        services.put(Verbs.RECEIVE, of(Verb.RECEIVE, this::receive));
        services.put(Verbs.LISTEN, of(Verb.LISTEN, this::listen));
        services.put(Verbs.CREATE, of(Verb.ADMIN, request -> once(request, () -> create(request))));
        services.put(
                Verbs.DELETE, of(Verb.ADMIN, request -> once(request, () -> said(channels.delete(name(request))))));
        services.put(Verbs.RESIZE, of(Verb.ADMIN, request -> once(request, () -> resize(request))));
        services.put(Verbs.CLOSE, of(Verb.ADMIN, request -> once(request, () -> close(request))));
        services.put(Verbs.CREATE_GROUP, of(Verb.ADMIN, request -> once(request, () -> createGroup(request))));
        services.put(Verbs.REMOVE_GROUP, of(Verb.ADMIN, request -> once(request, () -> removeGroup(request))));
        services.put(
                Verbs.LIST,
                below(
                        Verb.ADMIN,
                        request -> one(
                                channels.list(prefix(request), after(request)).map(Frame::text))));
        services.put(
                Verbs.COUNT, below(Verb.ADMIN, request -> one(channels.count().map(count -> Frame.text("" + count)))));
        services.put(
                Verbs.EVENTS,
                below(
                        Verb.ADMIN,
                        request -> joined(
                                JoinedSource.join(channels.events(), new JoinedSource<>(Frame.EMPTY, Json::event)))));
        services.put(Verbs.STATS, guarded(this::mayRead, this::stats));
        services.put(Verbs.FIND, guarded(this::mayRead, this::find));
        services.put(Verbs.REMEMBER, guarded(request -> {}, operations::remember));
        // Only what this very publisher has begun can be withdrawn.
        services.put(Verbs.WITHDRAW, guarded(request -> {}, operations::withdraw));
        return services;
    }

    private static Service guarded(Consumer<Request> check, Service service) {
        return (SelfGuarded) request -> {
            check.accept(request);
            return Flux.from(service.answer(request))
                    .onErrorMap(ConnectionLostException.class, ChannelServices::behind);
        };
    }

    /** A channel elsewhere again lost its connection: that is not this session's end, after which a client would ask again. */
    private static Throwable behind(ConnectionLostException lost) {
        return Failures.of(Code.FAILED, "behind this server: " + lost.getMessage());
    }

    /** A service that needs a right to the channel it is about. */
    private static Service of(Verb verb, Service service) {
        return guarded(request -> request.access().check(verb, name(request)), service);
    }

    /** A service that needs a right to all channels it may be about. */
    private static Service below(Verb verb, Service service) {
        return guarded(request -> request.access().check(verb, prefix(request)), service);
    }

    /** Whoever may do something with a channel may look at it. */
    private void mayRead(Request request) {
        String name = tags(request).optional(Verbs.CHANNEL);
        if (name == null) {
            request.access().check(Verb.ADMIN, prefix(request));
            return;
        }
        boolean any = Stream.of(Verb.SEND, Verb.RECEIVE, Verb.LISTEN)
                .anyMatch(verb -> request.access().allows(verb, name));
        if (!any) {
            request.access().check(Verb.ADMIN, name);
        }
    }

    private static Tags tags(Request request) {
        return new Tags(request.tags());
    }

    private static String name(Request request) {
        return tags(request).text(Verbs.CHANNEL);
    }

    private static String prefix(Request request) {
        String prefix = tags(request).optional(Verbs.PREFIX);
        return prefix == null ? "" : prefix;
    }

    private static String after(Request request) {
        String after = tags(request).optional(Verbs.AFTER);
        return after == null ? "" : after;
    }

    private Channel<Frame> channel(Request request) {
        return channels.channel(name(request));
    }

    /** The channel to send to; what waits for room there holds its name and not the call. */
    private Supplier<Channel<Frame>> to(Request request) {
        String name = name(request);
        return () -> channels.channel(name);
    }

    /** An answer of one source. */
    private static Publisher<Source> one(Publisher<Frame> frames) {
        return Mono.just(Source.of(Frame.EMPTY, frames));
    }

    /** An answer whose header says what a Mono says. */
    private static Mono<Frame> said(Mono<?> value) {
        return value.map(it -> Frame.text(it.toString()));
    }

    // Operations.

    private Publisher<Source> once(Request request, Supplier<Publisher<Frame>> operation) {
        return operations.once(request, operation);
    }

    private Publisher<Frame> create(Request request) {
        return channels.create(name(request), tags(request).channelOptions()).map(ChannelServices::described);
    }

    private static Frame described(Channel<Frame> channel) {
        return Frame.text(channel.capacity() + (channel.isClosed() ? " closed" : ""));
    }

    private Publisher<Frame> resize(Request request) {
        int capacity = tags(request).small(Verbs.CAPACITY);
        return Afresh.mono(() -> channel(request).resize(capacity).cast(Frame.class));
    }

    private Publisher<Frame> createGroup(Request request) {
        String group = tags(request).text(Verbs.GROUP);
        GroupOptions options = tags(request).groupOptions();
        return Afresh.mono(() -> said(channel(request).createGroup(group, options)));
    }

    private Publisher<Frame> removeGroup(Request request) {
        return said(channel(request).removeGroup(tags(request).text(Verbs.GROUP)));
    }

    private Publisher<Frame> close(Request request) {
        String cause = tags(request).optional(Verbs.CAUSE);
        if (cause == null) {
            channel(request).close();
        } else {
            channel(request).close(new RemoteException(cause));
        }
        return Mono.empty();
    }

    private Publisher<Frame> broadcast(Request request) {
        return channels.broadcast(prefix(request), request.body(), tags(request).broadcastOptions())
                .map(Json::broadcast);
    }

    // What is only read.

    private Publisher<Source> find(Request request) {
        String name = name(request);
        return channels.find(name)
                .switchIfEmpty(Mono.error(() -> new ChannelNotFoundException("no channel \"" + name + "\"")))
                .map(channel -> Source.of(described(channel), Flux.empty()));
    }

    private Publisher<Source> stats(Request request) {
        return one(
                tags(request).optional(Verbs.CHANNEL) == null
                        ? channels.stats(prefix(request), after(request)).map(Json::stats)
                        : channel(request).stats().map(Json::stats));
    }

    // Receiving.

    /** An answer of one source that leaves the channel again when the caller goes before it has heard of it. */
    static Publisher<Source> joined(JoinedSource<?> source) {
        return Mono.<Source>just(source).doOnCancel(source::discard);
    }

    private Publisher<Source> receive(Request request) {
        Channel<Frame> channel = channel(request);
        String group = tags(request).text(Verbs.GROUP);
        int most = Math.min(tags(request).small(Verbs.MOST, TakenOffsets.MOST), TakenOffsets.MOST);
        Frame header = Frame.text(incarnations.of(channel));
        JoinedSource<?> source = JoinedSource.join(channel.receiveAcked(group, most), new DeliveredSource(header));
        return source.isExpired() ? receive(request) : joined(source);
    }

    private Publisher<Source> listen(Request request) {
        Channel<Frame> channel = channel(request);
        Position asked = tags(request).position(Position.latest());
        String of = tags(request).optional(Verbs.OF);
        ListenOptions options = tags(request).listenOptions(listenerBuffer);
        String incarnation = incarnations.of(channel);
        // Of a channel that has taken the other's place nothing has been heard yet.
        Position from = of == null || of.equals(incarnation) ? asked : Position.earliest();
        if (!(from instanceof Position.Latest)) {
            JoinedSource<?> source = listening(channel, from, options, incarnation);
            return source.isExpired() ? listen(request) : joined(source);
        }
        return channel.stats().flatMapMany(now -> {
            JoinedSource<?> source = listening(channel, from, options, incarnation + " " + now.nextOffset());
            return source.isExpired() ? listen(request) : Mono.just(source);
        });
    }

    private JoinedSource<?> listening(Channel<Frame> channel, Position from, ListenOptions options, String header) {
        return JoinedSource.join(
                channel.listenEntries(from, options),
                new JoinedSource<Entry<Frame>>(
                        Frame.text(header), entry -> Elements.encode(entry.offset(), entry.value())));
    }
}
