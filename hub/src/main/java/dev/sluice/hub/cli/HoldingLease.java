package dev.sluice.hub.cli;

import dev.sluice.hub.control.RemoteLease;
import dev.sluice.switching.LeaseEnd;
import dev.sluice.switching.LeaseExpiredException;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/**
 * What happens while a lease is waited for and while a program runs under it, one thing after the other on the thread that waits: what comes on other
 * threads, it queues. The lease counts as lost when the hub says so, when the connection is lost, and when its time has run out by the clock here
 * since the last renewal that succeeded was sent.
 */
final class HoldingLease {

    private static final int SIGNALLED = 128;

    /** A lease is renewed so many times within its time. */
    private static final int RENEWALS = 3;

    private sealed interface Event permits Granted, Refused, Exited, Ended, Renewed, Signalled {}

    private record Granted(RemoteLease lease) implements Event {}

    private record Refused(Throwable why) implements Event {}

    private record Exited(int code) implements Event {}

    private record Ended(String why) implements Event {}

    private record Renewed(long sentAt) implements Event {}

    private record Signalled(int number) implements Event {}

    /** The wait for the lease was ended by a signal. */
    static final class SignalledException extends Exception {
        private static final long serialVersionUID = 1L;

        private final int exit;

        private SignalledException(int number) {
            this.exit = SIGNALLED + number;
        }

        /** What a shell reports of it. */
        int exit() {
            return exit;
        }
    }

    private final Inbox<Event> events = new Inbox<>();
    private final Duration ttl;
    private final Duration grace;

    private long validUntil;
    private long renewAt;

    /** Why the lease was lost; the program is being ended then. */
    private @Nullable String lost;

    /** Completes when what the program has started has ended too. */
    private CompletableFuture<Void> gone = CompletableFuture.completedFuture(null);

    HoldingLease(Duration ttl, Duration grace) {
        this.ttl = ttl;
        this.grace = grace;
    }

    /** SIGINT or SIGTERM has come. From any thread. */
    void signalled(int number) {
        events.add(new Signalled(number));
    }

    /** Waits for the lease, or for a signal, which withdraws the request. */
    RemoteLease acquire(Mono<RemoteLease> asked) throws InterruptedException, SignalledException {
        Disposable asking =
                asked.subscribe(lease -> events.add(new Granted(lease)), failure -> events.add(new Refused(failure)));
        Event first = events.take();
        if (first instanceof Granted granted) {
            validUntil = System.nanoTime() + ttl.toNanos();
            return granted.lease;
        }
        asking.dispose();
        if (first instanceof Signalled signal) {
            throw new SignalledException(signal.number);
        }
        throw CommandFailure.of(((Refused) first).why);
    }

    /**
     * Runs a program under the lease, until it has ended.
     *
     * @return its exit code
     * @throws CommandFailure when it cannot be started, and when it had to be ended because the lease was lost
     */
    int run(RemoteLease lease, ProcessBuilder builder) throws InterruptedException {
        String name = builder.command().get(0);
        try (DeadMansSwitch guard = DeadMansSwitch.start(grace)) {
            Process process = start(builder);
            guard.guard(process);
            heed(process);
            Disposable ending = lease.ended()
                    .subscribe(
                            end -> events.add(new Ended(words(end))),
                            failure -> events.add(new Ended(String.valueOf(failure.getMessage()))));
            // At once: from when the hub counts its time is not known before.
            renewAt = System.nanoTime();
            int code = untilExit(lease, ProcessTree.of(process));
            ending.dispose();
            if (lost == null) {
                return code;
            }
            gone.join();
        }
        throw new CommandFailure(
                ErrorCode.LEASE_LOST,
                "the lease of \"" + lease.channel() + "\" was lost, and \"" + name + "\" ended: " + lost);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // does not fail
    private void heed(Process process) {
        process.onExit().thenAccept(ended -> events.add(new Exited(ended.exitValue())));
    }

    private static Process start(ProcessBuilder builder) {
        try {
            return builder.start();
        } catch (IOException notStarted) {
            throw new CommandFailure(
                    ErrorCode.NO_COMMAND,
                    "cannot start \"" + builder.command().get(0) + "\": " + notStarted.getMessage(),
                    notStarted);
        }
    }

    private int untilExit(RemoteLease lease, ProcessTree program) throws InterruptedException {
        while (true) {
            Event event = next();
            if (event instanceof Exited exited) {
                if (lost == null && System.nanoTime() - validUntil >= 0) {
                    lost = tooLate();
                }
                return exited.code;
            } else if (event instanceof Ended ended) {
                lose(ended.why, program);
            } else if (event instanceof Renewed renewed) {
                validUntil = Math.max(validUntil, renewed.sentAt + ttl.toNanos());
            } else if (event instanceof Signalled signal) {
                pass(signal.number, program);
            }
            if (lost == null) {
                keep(lease, program);
            }
        }
    }

    /** Null when it is time to look at the clock. */
    private @Nullable Event next() throws InterruptedException {
        return lost != null ? events.take() : events.poll(Math.min(renewAt, validUntil) - System.nanoTime());
    }

    private void keep(RemoteLease lease, ProcessTree program) {
        long now = System.nanoTime();
        if (now - validUntil >= 0) {
            lose(tooLate(), program);
        } else if (now - renewAt >= 0) {
            renewAt = now + ttl.toNanos() / RENEWALS;
            lease.renew().subscribe(nothing -> {}, this::notRenewed, () -> events.add(new Renewed(now)));
        }
    }

    private String tooLate() {
        return "it was not renewed within its " + Figures.time(ttl);
    }

    /** Other failures may pass: the next renewal is tried, and the clock decides. */
    private void notRenewed(Throwable failure) {
        if (failure instanceof LeaseExpiredException) {
            events.add(new Ended(Objects.requireNonNullElse(failure.getMessage(), "it has expired")));
        }
    }

    private static String words(LeaseEnd end) {
        return switch (end) {
            case EXPIRED -> "its time ran out";
            case CHANNEL_CLOSED -> "the channel was closed";
            default -> "the hub has ended it";
        };
    }

    private void lose(String why, ProcessTree program) {
        if (lost == null) {
            lost = why;
            gone = program.end(grace);
        }
    }

    /** What is sent to a terminal's foreground reaches the program without our help. */
    private static void pass(int number, ProcessTree program) {
        if (number != ProcessTree.SIGINT || !Streams.isForeground()) {
            program.signal(number);
        }
    }
}
