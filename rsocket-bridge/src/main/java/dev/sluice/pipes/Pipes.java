package dev.sluice.pipes;

import dev.sluice.ChannelNotFoundException;
import dev.sluice.Frame;
import dev.sluice.channel.Delivery;
import dev.sluice.directory.Destinations;
import dev.sluice.directory.Directory;
import dev.sluice.directory.Instance;
import dev.sluice.rsocket.Request;
import dev.sluice.rsocket.SluiceServer;
import dev.sluice.rsocket.channel.RemoteDeliveries;
import dev.sluice.rsocket.channel.ServedDeliveries;
import dev.sluice.rsocket.security.Verb;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/**
 * The destinations of this process, and its members of groups of destinations anywhere: one server that listens when the first destination is registered,
 * one connection to each process that is received from, one directory.
 *
 * <p>The directory is never on the way of the frames: what is connected stays connected while it is away. Thread safe.
 */
public final class Pipes {

    private static final Duration FOR_EVER = Duration.ofMillis(Long.MAX_VALUE);

    private final Directory directory;
    private final PipesOptions options;
    private final Connections connections;
    private final SluiceServer server;
    private final Mono<InetSocketAddress> listening;
    private final Map<String, LocalDestination> destinations = new ConcurrentHashMap<>();
    private final Set<Member> members = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    private Pipes(Directory directory, PipesOptions options) {
        this.directory = directory;
        this.options = options;
        this.connections = new Connections(options);
        this.server = SluiceServer.create(options.server());
        ServedDeliveries.offer(server, PipeVerbs.RECEIVE, PipeVerbs.REMEMBER, this::given);
        this.listening = server.start()
                .map(started -> started.addresses().get(0))
                // A port that is taken may be free the next time.
                .cache(bound -> FOR_EVER, failure -> Duration.ZERO, () -> Duration.ZERO);
    }

    /**
     * Pipes that are found through a directory. Nothing is connected, and nothing listens, before it is needed.
     *
     * @param directory stays the caller's to close, after this
     */
    public static Pipes create(Directory directory, PipesOptions options) {
        return new Pipes(Objects.requireNonNull(directory, "directory"), Objects.requireNonNull(options, "options"));
    }

    /** As {@link #create(Directory, PipesOptions)}, on a free port of the loopback address. */
    public static Pipes create(Directory directory) {
        return create(directory, PipesOptions.defaults());
    }

    /** A destination with the default options, see {@link #destination(String, DestinationOptions)}. */
    public Destination destination(String name) {
        return destination(name, DestinationOptions.defaults());
    }

    /**
     * A destination of this process, that nobody knows of before it is {@linkplain Destination#register() registered}.
     *
     * @param name 1 to 255 bytes
     * @return the destination; of one name there is one
     * @throws IllegalStateException when this process has one of that name, or this is closed
     */
    public Destination destination(String name, DestinationOptions how) {
        Objects.requireNonNull(how, "how");
        requireOpen();
        LocalDestination made = new LocalDestination(
                name, how, directory.destinations(), options.ttl(), options.clock(), this::instance, this::over);
        if (destinations.putIfAbsent(name, made) != null) {
            made.end();
            throw new IllegalStateException("there is a destination \"" + name
                    + "\" in this process already: use that one; one that was closed stays until its members have what is"
                    + " left for them");
        }
        if (closed) {
            made.end();
            requireOpen();
        }
        return made;
    }

    /** A group with the default options, see {@link #group(String, String, JoinOptions)}. */
    public Group group(String destination, String group) {
        return group(destination, group, JoinOptions.defaults());
    }

    /**
     * A group of a destination, here or anywhere, that exists from when somebody {@linkplain Group#join() joins} it.
     *
     * @param destination 1 to 255 bytes
     * @param group 1 to 255 bytes
     */
    public Group group(String destination, String group, JoinOptions how) {
        Objects.requireNonNull(destination, "destination");
        Objects.requireNonNull(group, "group");
        Objects.requireNonNull(how, "how");
        return new Joinable(this, destination, group, how);
    }

    /** The port it really listens on, for tests. */
    int listeningPort() {
        return server.port();
    }

    /** How many of its members have not left, for tests. */
    int members() {
        return members.size();
    }

    private void over(LocalDestination destination) {
        destinations.remove(destination.name(), destination);
    }

    private Mono<Instance> instance(DestinationOptions how) {
        return listening.map(address -> options.instance(newId(), address, how.metadata()));
    }

    String newId() {
        return options.node() + "-"
                + Long.toHexString(ThreadLocalRandom.current().nextLong());
    }

    private Mono<ServedDeliveries.Given> given(Request request) {
        String name = PipeVerbs.destination(request);
        request.access().check(Verb.RECEIVE, name);
        LocalDestination destination = destinations.get(name);
        if (destination == null) {
            return Mono.error(new ChannelNotFoundException("no destination \"" + name + "\" here"));
        }
        return destination
                .keeper()
                .receive(
                        PipeVerbs.group(request),
                        PipeVerbs.options(request),
                        request.tags().get(RemoteDeliveries.EXPECTS));
    }

    PipesOptions options() {
        return options;
    }

    Destinations destinations() {
        return directory.destinations();
    }

    Connections connections() {
        return connections;
    }

    private void completeIfClosed(Member member) {
        if (closed) {
            // Whoever closes the others may not have seen it, or not that it could be told.
            member.inflow().complete();
        }
    }

    void left(Member member) {
        members.remove(member);
    }

    private void requireOpen() {
        if (closed) {
            throw wasClosed();
        }
    }

    private static IllegalStateException wasClosed() {
        return new IllegalStateException("these pipes are closed: create others");
    }

    /**
     * Ends all of it, lazily: members leave and their streams complete, destinations are withdrawn from the directory and closed to senders, members
     * elsewhere get what is left for them within the {@linkplain dev.sluice.rsocket.SessionOptions#closeTimeout() close timeout} of the server. What is
     * left then is lost: who must not lose it waits until it is {@linkplain Destination#acknowledged() acknowledged} first.
     *
     * @return completes when all is closed; the directory stays open
     */
    public Mono<Void> close() {
        return Mono.defer(() -> {
            closed = true;
            return Flux.fromIterable(members)
                    .flatMap(Member::goodbye)
                    .thenMany(Flux.fromIterable(destinations.values()).flatMap(Destination::close))
                    .then(server.close())
                    .then(connections.close())
                    .doFinally(end -> List.copyOf(destinations.values()).forEach(LocalDestination::end));
        });
    }

    /** A group, and how to join it. */
    private record Joinable(Pipes pipes, String destination, String name, JoinOptions how) implements Group {

        @Override
        public Flux<Delivery<Frame>> join() {
            return new Flux<>() {
                @Override
                public void subscribe(CoreSubscriber<? super Delivery<Frame>> actual) {
                    if (pipes.closed) {
                        Operators.error(actual, wasClosed());
                        return;
                    }
                    Member member = new Member(pipes, destination, name, how, actual);
                    // Before it has its subscription, with which it may leave at once.
                    pipes.members.add(member);
                    actual.onSubscribe(member.inflow());
                    member.subscribed();
                    pipes.completeIfClosed(member);
                    member.begin();
                }
            };
        }
    }
}
