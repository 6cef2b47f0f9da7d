package dev.sluice.pipes;

import dev.sluice.DestinationTakenException;
import dev.sluice.Frame;
import dev.sluice.channel.Channel;
import dev.sluice.channel.ChannelStats;
import dev.sluice.channel.SendResult;
import dev.sluice.directory.Destinations;
import dev.sluice.directory.Instance;
import dev.sluice.directory.LastingRegistration;
import dev.sluice.directory.Registration;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** A destination of this process: a channel, the keeper of its pipes, and its registration. */
final class LocalDestination implements Destination {

    private static final Duration LOOK_EVERY = Duration.ofMillis(100);

    private final Channel<Frame> channel;
    private final PipeKeeper keeper;
    private final Destinations directory;
    private final DestinationOptions options;
    private final Duration ttl;
    private final Scheduler clock;
    private final Function<DestinationOptions, Mono<Instance>> instance;
    private final Consumer<LocalDestination> whenOver;
    private final AtomicBoolean draining = new AtomicBoolean();
    private final Disposable.Swap looking = Disposables.swap();
    private final AtomicReference<@Nullable Claim> registered = new AtomicReference<>();

    /**
     * A destination that is not registered yet.
     *
     * @param instance gives an instance with an id of its own, once it can be reached
     * @param whenOver called when nobody can receive from it any more
     */
    LocalDestination(
            String name,
            DestinationOptions options,
            Destinations directory,
            Duration ttl,
            Scheduler clock,
            Function<DestinationOptions, Mono<Instance>> instance,
            Consumer<LocalDestination> whenOver) {
        this.channel = Channel.create(options.channel(name));
        this.keeper = new PipeKeeper(channel, options, directory, ttl, clock);
        this.whenOver = whenOver;
        this.directory = directory;
        this.options = options;
        this.ttl = ttl;
        this.clock = clock;
        this.instance = instance;
    }

    PipeKeeper keeper() {
        return keeper;
    }

    @Override
    public String name() {
        return channel.name();
    }

    @Override
    public Mono<Void> send(Frame frame) {
        return channel.send(frame);
    }

    @Override
    public SendResult trySend(Frame frame) {
        return channel.trySend(frame);
    }

    @Override
    public Mono<Long> sendAll(Publisher<? extends Frame> frames) {
        return channel.sendAll(frames);
    }

    @Override
    public Mono<Registration> register() {
        return Mono.usingWhen(
                Mono.fromSupplier(this::claim),
                claim -> instance.apply(options).then(keeper.begin()).then(Mono.defer(claim::register)),
                claim -> Mono.empty(),
                (claim, failure) -> claim.undo(),
                Claim::undo);
    }

    private Claim claim() {
        if (channel.isClosed()) {
            throw new IllegalStateException("destination \"" + name() + "\" is closed: make another one");
        }
        Claim claim = new Claim();
        Claim before = registered.get();
        if ((before != null && !before.isOver()) || !registered.compareAndSet(before, claim)) {
            throw new IllegalStateException(
                    "destination \"" + name() + "\" is registered from here already: withdraw that registration first");
        }
        return claim;
    }

    /** An attempt to register, and what became of it; there is one at a time. */
    private final class Claim {
        private final AtomicBoolean stood = new AtomicBoolean();
        private volatile @Nullable LastingRegistration<Registration> made;
        private volatile boolean undone;

        boolean isOver() {
            LastingRegistration<Registration> lasting = made;
            return undone || (lasting != null && lasting.isOver());
        }

        Mono<Registration> register() {
            if (undone) {
                return Mono.error(new IllegalStateException(
                        "destination \"" + name() + "\" was closed before it was registered: make another one"));
            }
            LastingRegistration<Registration> lasting = LastingRegistration.keep(
                    "destination " + name(),
                    attempt -> instance.apply(options)
                            .flatMap(there -> directory.register(name(), there, ttl, options.exclusive()))
                            .doOnNext(registration -> stood.set(true)),
                    // Who waits for the first is told; from then on only that the destination is somebody else's is
                    // final.
                    failure -> !stood.get() || failure instanceof DestinationTakenException,
                    clock);
            made = lasting;
            if (undone) {
                // Whoever undid it may not have seen it.
                lasting.withdraw().subscribe(out -> {}, failure -> {});
            }
            return lasting.first().map(first -> new Lasting(first, lasting));
        }

        Mono<Void> undo() {
            undone = true;
            LastingRegistration<Registration> lasting = made;
            return lasting == null ? Mono.empty() : lasting.withdraw().onErrorComplete();
        }
    }

    /** A registration that is made again when it is lost. */
    private record Lasting(Registration first, LastingRegistration<Registration> all) implements Registration {

        @Override
        public String service() {
            return first.service();
        }

        @Override
        public Instance instance() {
            Registration now = all.current();
            return now == null ? first.instance() : now.instance();
        }

        @Override
        public Mono<Void> withdraw() {
            return all.withdraw();
        }

        @Override
        public Mono<Void> onEnd() {
            return all.onEnd();
        }
    }

    @Override
    public Mono<Long> acknowledged() {
        return channel.stats()
                .map(stats -> stats.groups().stream()
                        .mapToLong(ChannelStats.GroupStats::acknowledged)
                        .min()
                        .orElse(stats.nextOffset() - stats.buffered()));
    }

    @Override
    public Mono<ChannelStats> stats() {
        return channel.stats();
    }

    @Override
    public Mono<Void> close() {
        return Mono.defer(() -> {
            channel.close();
            Claim claim = registered.get();
            Mono<Void> withdrawn = claim == null ? Mono.empty() : claim.undo();
            return withdrawn.doFinally(out -> drained());
        });
    }

    /** When every group has what is left for it, or was given up, nobody comes for anything more. */
    private void drained() {
        if (draining.compareAndSet(false, true)) {
            looking.update(Flux.interval(Duration.ZERO, LOOK_EVERY, clock)
                    .onBackpressureDrop()
                    .concatMap(tick -> channel.stats(), 1)
                    .takeUntil(LocalDestination::isDrained)
                    .subscribe(stats -> {}, failure -> end(), this::end));
        }
    }

    private static boolean isDrained(ChannelStats stats) {
        return stats.groups().stream().allMatch(group -> group.acknowledged() >= stats.nextOffset());
    }

    /** Lets go of what it holds when it can no longer be reached. */
    void end() {
        draining.set(true);
        looking.dispose();
        keeper.end();
        whenOver.accept(this);
    }

    @Override
    public String toString() {
        return "Destination(" + name() + ")";
    }
}
