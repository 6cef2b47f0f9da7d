package dev.sluice.pipes;

import dev.sluice.Frame;
import dev.sluice.GroupExpiredException;
import dev.sluice.channel.Channel;
import dev.sluice.channel.ChannelStats;
import dev.sluice.channel.Delivery;
import dev.sluice.directory.Destinations;
import dev.sluice.directory.DirectoryClosedException;
import dev.sluice.directory.GroupEntry;
import dev.sluice.directory.GroupTerms;
import dev.sluice.rsocket.channel.ServedDeliveries;
import dev.sluice.rsocket.session.Failures;
import dev.sluice.rsocket.wire.Code;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.util.retry.Retry;

/**
 * Keeps the pipes of a destination in step with the groups in the directory.
 *
 * <p>It compares what the directory says with the pipes there are, at each change and on a timer, and moves toward it; so changes may come late, twice or not
 * at all. While the directory is away it goes on with what it knew.
 *
 * <p>All runs on one worker, so a group that expires and a member that comes for it are one after the other: either the member has the pipe, which
 * then stays, or it gets a new one. A pipe goes when nobody has been in its group, connected or in the directory, for as long as the group's terms say,
 * by this side's clock, and the directory, which must answer, agrees. One whose entry the directory has lost stays for the time to live at least, in which
 * those who are in it put themselves back.
 */
final class PipeKeeper {

    private static final Logger LOG = LoggerFactory.getLogger(PipeKeeper.class);

    /** Frequent enough that a group that expires is noticed soon after. */
    private static final long LONGEST_LOOK_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Channel<Frame> channel;
    private final DestinationOptions options;
    private final long graceNanos;
    private final Destinations directory;
    private final Scheduler clock;
    private final Scheduler.Worker worker;

    /** Other destinations of this name, and this one after a restart, have another. */
    private final String epoch = UUID.randomUUID().toString();

    private final Map<String, Pipe> pipes = new HashMap<>();
    private final Disposable.Swap watch = Disposables.swap();
    private final Disposable.Swap look = Disposables.swap();
    private final Sinks.Empty<Void> over = Sinks.empty();
    private @Nullable Set<GroupEntry> latest;
    private long generation;
    private boolean begun;

    /** It was logged that there are too many groups: they are seen again and again. */
    private boolean toldFull;

    PipeKeeper(
            Channel<Frame> channel, DestinationOptions options, Destinations directory, Duration ttl, Scheduler clock) {
        this.channel = channel;
        this.options = options;
        this.graceNanos = ttl.toNanos();
        this.directory = directory;
        this.clock = clock;
        this.worker = clock.createWorker();
    }

    /**
     * Looks into the directory from now on.
     *
     * @return completes when the groups there are have their pipes; fails when the directory cannot be asked, which a watch does not tell
     */
    Mono<Void> begin() {
        return directory
                .groups(channel.name())
                .flatMap(groups -> onWorker(() -> {
                    if (begun) {
                        groups.forEach(this::keep);
                    } else {
                        begun = true;
                        seen(groups);
                        watch();
                    }
                }));
    }

    /** What the worker has not come to when it ends fails. */
    private Mono<Void> onWorker(Runnable work) {
        return Mono.<Void>create(sink -> {
                    try {
                        worker.schedule(() -> {
                            try {
                                work.run();
                                sink.success();
                            } catch (Throwable failure) {
                                sink.error(failure);
                            }
                        });
                    } catch (RejectedExecutionException ended) {
                        sink.error(closed());
                    }
                })
                .takeUntilOther(over.asMono());
    }

    private IllegalStateException closed() {
        return new IllegalStateException("destination \"" + channel.name() + "\" is closed");
    }

    private void watch() {
        watch.update(directory
                .watchGroups(channel.name())
                .retryWhen(Retry.backoff(Long.MAX_VALUE, Duration.ofMillis(100))
                        .maxBackoff(Duration.ofSeconds(5))
                        .transientErrors(true)
                        .filter(failure -> !(failure instanceof DirectoryClosedException))
                        .scheduler(clock))
                .subscribe(
                        groups -> schedule(() -> seen(groups)),
                        failure -> LOG.debug("The groups of {} are not watched any more", channel.name(), failure)));
    }

    /** What comes when all has ended is not done. */
    private void schedule(Runnable work) {
        schedule(work, 0);
    }

    private Disposable schedule(Runnable work, long nanos) {
        try {
            return worker.schedule(work, nanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException ended) {
            LOG.debug("{} has ended", channel.name());
            return Disposables.disposed();
        }
    }

    private void seen(Set<GroupEntry> groups) {
        latest = groups;
        reconcile();
    }

    private void reconcile() {
        Set<GroupEntry> known = latest;
        if (known != null) {
            pipes.values().forEach(pipe -> pipe.entry = null);
            known.forEach(this::keep);
        }
        long now = now();
        long next = LONGEST_LOOK_NANOS;
        for (Pipe pipe : List.copyOf(pipes.values())) {
            long left = pipe.timeLeft(now);
            if (left <= 0) {
                expire(pipe);
            } else {
                next = Math.min(next, left);
            }
        }
        if (!pipes.isEmpty()) {
            look.update(schedule(this::reconcile, next));
        }
    }

    /** The directory shows a group. */
    private void keep(GroupEntry entry) {
        Pipe pipe = pipes.get(entry.name());
        if (pipe == null) {
            if (entry.revision() < 0) {
                // Its entry, with its terms, is being put back.
                return;
            }
            if (isFull()) {
                if (!toldFull) {
                    toldFull = true;
                    LOG.warn("Group {} of {} gets nothing, nor do others: {}", entry.name(), channel.name(), tooMany());
                }
                return;
            }
            toldFull = false;
            pipe = make(entry.name(), entry.terms());
        }
        pipe.entry = entry;
    }

    private boolean isFull() {
        return pipes.size() >= options.mostGroups();
    }

    private String tooMany() {
        return "destination \"" + channel.name() + "\" has " + pipes.size()
                + " groups, as many as it may: let some expire, or raise DestinationOptions.mostGroups there";
    }

    private Pipe make(String group, GroupTerms wanted) {
        GroupTerms terms = options.bounded(wanted);
        Pipe made = new Pipe(group, terms, epoch + "." + generation++, graceNanos, now());
        pipes.put(group, made);
        channel.createGroup(group, terms.options())
                .subscribe(
                        created -> {},
                        failure -> LOG.debug("No pipe for {} of {}: {}", group, channel.name(), failure.getMessage()));
        return made;
    }

    /** Nobody has been there for long enough, as far as is known here. */
    private void expire(Pipe pipe) {
        GroupEntry entry = pipe.entry;
        if (!pipe.expiring) {
            pipe.expiring = true;
            Mono<Boolean> asked = entry == null ? expireUnseen(pipe.group) : directory.expire(channel.name(), entry);
            asked.subscribe(
                    gone -> schedule(() -> expired(pipe, entry, gone)), failure -> schedule(() -> kept(pipe, failure)));
        }
    }

    /** Expires a group that the directory has not shown, if it has it nevertheless: whether it is gone. */
    private Mono<Boolean> expireUnseen(String group) {
        return directory
                .groups(channel.name())
                .flatMap(groups -> groups.stream()
                        .filter(entry -> entry.name().equals(group))
                        .findFirst()
                        .map(entry ->
                                entry.members().isEmpty() ? directory.expire(channel.name(), entry) : Mono.just(false))
                        .orElse(Mono.just(true)));
    }

    private void kept(Pipe pipe, Throwable failure) {
        pipe.expiring = false;
        LOG.debug(
                "Group {} of {} is kept until the directory can be asked: {}",
                pipe.group,
                channel.name(),
                failure.getMessage());
    }

    /** The answer counts if the group is still what was asked about: what the directory has shown since is newer, and members may have been there. */
    private void expired(Pipe pipe, @Nullable GroupEntry asked, boolean gone) {
        pipe.expiring = false;
        if (gone
                && pipes.get(pipe.group) == pipe
                && (pipe.entry == null || pipe.entry.equals(asked))
                && (asked == null ? pipe.timeLeft(now()) : pipe.timeLeftAgreed(now())) <= 0
                && giveUp(pipe)) {
            Set<GroupEntry> known = latest;
            latest = known == null ? null : without(known, pipe.group);
        }
    }

    private static Set<GroupEntry> without(Set<GroupEntry> groups, String name) {
        return Set.copyOf(
                groups.stream().filter(entry -> !entry.name().equals(name)).toList());
    }

    /** Gives it up, unless a member is connected. */
    private boolean giveUp(Pipe pipe) {
        if (!pipe.giveUp()) {
            return false;
        }
        pipes.remove(pipe.group);
        channel.stats()
                .doOnNext(stats -> told(pipe, stats))
                .then(channel.removeGroup(pipe.group))
                .subscribe(
                        removed -> {},
                        failure -> LOG.debug("Group {} of {}: {}", pipe.group, channel.name(), failure.getMessage()));
        return true;
    }

    /** Whoever has sent something must be able to find out that a group did not get it. */
    private void told(Pipe pipe, ChannelStats stats) {
        long lost = stats.groups().stream()
                .filter(group -> group.name().equals(pipe.group))
                .mapToLong(group -> group.backlog() + group.unacked())
                .sum();
        LOG.atLevel(lost > 0 ? Level.WARN : Level.INFO)
                .log(
                        "Group {} of {} has had no member for {} and is given up, with {} frames it has not acknowledged",
                        pipe.group,
                        channel.name(),
                        pipe.terms.expiry(),
                        lost);
    }

    /**
     * What a member is given.
     *
     * @param expects where it had deliveries before; null when it comes for the first time
     */
    Mono<ServedDeliveries.Given> receive(String group, JoinOptions how, @Nullable String expects) {
        AtomicReference<ServedDeliveries.Given> given = new AtomicReference<>();
        return onWorker(() -> given.set(give(group, how, expects))).then(Mono.fromSupplier(given::get));
    }

    private ServedDeliveries.Given give(String group, JoinOptions how, @Nullable String expects) {
        Pipe pipe = pipes.get(group);
        if (expects != null && expects.startsWith(epoch) && (pipe == null || !pipe.origin.equals(expects))) {
            throw new GroupExpiredException("group \"" + group + "\" of destination \"" + channel.name()
                    + "\" has had no member for longer than its expiry and was given up, with what waited for it:"
                    + " join again to receive what comes from now on, or give the group a longer expiry");
        }
        if (pipe == null && isFull()) {
            throw Failures.of(Code.LIMIT, tooMany());
        }
        Pipe found = pipe == null ? make(group, how.terms()) : pipe;
        if (pipe == null) {
            // Whoever asked may not come.
            schedule(this::reconcile);
        }
        return new ServedDeliveries.Given(deliveries(found, how.maxUnacked()), found.origin);
    }

    private Flux<Delivery<Frame>> deliveries(Pipe pipe, int maxUnacked) {
        return Flux.defer(() -> pipe.enter()
                ? channel.receiveAcked(pipe.group, maxUnacked).doFinally(end -> left(pipe))
                : Flux.error(Failures.of(Code.UNAVAILABLE, "the group is being given up: come again")));
    }

    private void left(Pipe pipe) {
        if (pipe.leave(now())) {
            schedule(this::reconcile);
        }
    }

    private long now() {
        return clock.now(TimeUnit.NANOSECONDS);
    }

    void end() {
        watch.dispose();
        look.dispose();
        worker.dispose();
        over.tryEmitError(closed());
    }
}
